"""What a person sees in the chat now: both sides' messages in order, with deletions and edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tests.platforms.bell import Bell

PATIENCE_S: Final = 10.0


@dataclass(frozen=True)
class Button:
    """A button under a message: the token goes back to the bot, the label is read."""

    token: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One message. `mine`: written by the person. `kind` is text, or what else it is."""

    id: str
    text: str
    buttons: tuple[Button, ...] = ()
    mine: bool = False
    at: float = 0.0
    kind: str = "text"
    picture: bytes | None = None
    deleted: bool = False
    edited: bool = False


class Screen:
    """The messages of one chat; all methods may be used from any thread."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._lines: dict[str, Line] = {}
        self._heard = self._marked = 0

    def add(self, line: Line) -> Line:
        """A new message, below all others. The person's own starts a new count of answers."""
        with self._bell.lock:
            self._lines[line.id] = line
            if line.mine:
                self.mark()
            else:
                self._heard += 1
        self._bell.ring()
        return line

    def mark(self) -> None:
        """Count the bot's messages from here on."""
        self._marked = self._heard

    def change(self, id: str, **fields: object) -> Line:
        """Edit or delete a message."""
        with self._bell.lock:
            line = self._lines[id] = replace(self._lines[id], **fields)  # type: ignore[arg-type]
        self._bell.ring()
        return line

    def get(self, id: str) -> Line | None:
        """A message, deleted or not."""
        return self._lines.get(id)

    @property
    def all(self) -> list[Line]:
        """Every message there ever was."""
        with self._bell.lock:
            return list(self._lines.values())

    @property
    def standing(self) -> list[Line]:
        """What is there to be read now."""
        return [line for line in self.all if not line.deleted]

    @property
    def answers(self) -> list[Line]:
        """The bot's messages since the person last did something, deleted ones too."""
        with self._bell.lock:
            count = self._heard - self._marked
            return [line for line in self.all if not line.mine][-count:] if count else []

    def button(self, what: str) -> tuple[Line, Button]:
        """The newest button with this label or token; standing messages first."""
        for lines in (self.standing, self.all):
            for line in reversed(lines):
                for button in line.buttons:
                    if what in (button.token, button.label):
                        return line, button
        raise AssertionError(f"there is no button {what!r} on {self}")

    def ready(self, what: int | str | Callable[[list[Line]], object]) -> Callable[[], bool]:
        """A count of answers, words that stand on the screen, or a question about the screen."""
        if isinstance(what, int):
            return lambda: len(self.answers) >= what
        if isinstance(what, str):
            return lambda: any(what in line.text for line in self.standing if not line.mine)
        return lambda: bool(what(self.standing))

    async def wait_for(
        self, what: int | str | Callable[[list[Line]], object], timeout: float
    ) -> list[Line]:
        """Wait; gives the answers since the person's last deed. AssertionError when in vain."""
        assert await self._bell.heard(self.ready(what), timeout), f"in vain: {what!r} on {self}"
        return self.answers

    def wait(self, what: int | str | Callable[[list[Line]], object], timeout: float) -> list[Line]:
        """The same, blocking: for tests without an event loop."""
        assert self._bell.wait(self.ready(what), timeout), f"in vain: {what!r} on {self}"
        return self.answers

    def __str__(self) -> str:
        return "\n".join(
            f"{'>' if line.mine else '<'} {line.text[:60]!r} {[b.label for b in line.buttons]}"
            for line in self.standing[-6:]
        )
