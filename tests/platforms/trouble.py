"""The troubles of both platforms, told to a fake through its `.troubles`.

    fake.troubles.every(5)              # each fifth sending call is refused: 429 or 131000
    fake.troubles.next(3, 403)          # the next three are refused with this code
    fake.troubles.chat("4711", 131047)  # all to this chat
    fake.troubles.slow(2.0)             # all answers come late
    fake.troubles.hold() .let_go()      # no answer until it is let go, or 20 s have passed
    fake.troubles.half_open(1)          # the next is accepted and never answered
    fake.troubles.lost(1)               # the next is taken, then the connection is dropped
    fake.troubles.garbage(1) .html(1) .cut(1) .short(1)
    fake.troubles.down() .up()          # connections refused; listens again on the same port
    fake.troubles.calm()                # all is well again

Only what sends is troubled (`sends` of the fake) until `fake.troubles.only("getMe")` names other
methods, or `fake.troubles.only()` all of them.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from tests.platforms.server import Answer, Server

Manner = Literal["refuse", "mute", "lost", "garbage", "html", "cut", "short"]
HELD_S: Final = 20.0
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Strike:
    """What befalls one call. `taken`: the platform does what it was asked, and only then fails."""

    manner: Manner
    code: int = 0
    taken: bool = False

    def spoil(self, answer: Answer) -> Answer:
        """The answer as it arrives."""
        match self.manner:
            case "mute":
                return replace(answer, way="mute")
            case "lost":
                return replace(answer, way="drop")
            case "cut":
                return replace(answer, way="cut")
            case "short":
                return replace(answer, body=answer.body[:-3])
            case "garbage":
                return Answer(200, b'{"ok": tru', answer.kind)
            case _:
                return Answer(502, HTML, "text/html")


class Troubles:
    """What goes wrong next. May be told from any thread; counts calls from the moment it is told.

    `refusal(code)` makes the platform's own error; `usual` is the code of a passing failure.
    """

    def __init__(
        self, server: Server, refusal: Callable[[int], Answer], usual: int, sends: frozenset[str]
    ) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._sends = sends
        self.refusal = refusal
        self.usual = usual
        self.calm()

    def calm(self) -> None:
        """Forget all troubles; a server that is down stays down."""
        with self._lock:
            self._methods: frozenset[str] | None = self._sends
            self._waiting: deque[Strike] = deque()
            self._chats: dict[str, int] = {}
            self._every = self._count = 0
            self._code = self.usual
            self.seconds = 0.0

    def only(self, *methods: str) -> None:
        """Trouble these methods; without any, all."""
        self._methods = frozenset(name.lower() for name in methods) or None

    def every(self, n: int, code: int | None = None) -> None:
        """Refuse each n-th call."""
        with self._lock:
            self._every, self._count = n, 0
            self._code = self.usual if code is None else code

    def next(self, count: int = 1, code: int | None = None) -> None:
        """Refuse the next calls with this code."""
        self._line_up(count, Strike("refuse", self.usual if code is None else code))

    def chat(self, address: str | int, code: int | None = None) -> None:
        """Refuse every call to this chat."""
        self._chats[str(address)] = self.usual if code is None else code

    def slow(self, seconds: float = 2.0) -> None:
        """Answer so much later."""
        self.seconds = seconds

    def hold(self) -> None:
        """Answer nothing until `let_go`: for what must happen while a call is on its way."""
        self.slow(HELD_S)

    def let_go(self) -> None:
        """Answer what was held, and all else at once."""
        self.seconds = 0.0

    async def late(self, method: str) -> None:
        """Wait as long as this call's answer is to be late."""
        began = time.monotonic()
        while self.touches(method) and (left := began + self.seconds - time.monotonic()) > 0:
            await asyncio.sleep(min(left, 0.02))

    def half_open(self, count: int = 1, *, taken: bool = False) -> None:
        """Accept the next calls and never answer."""
        self._line_up(count, Strike("mute", taken=taken))

    def lost(self, count: int = 1) -> None:
        """Do what the next calls say, and lose the answer with the connection."""
        self._line_up(count, Strike("lost", taken=True))

    def garbage(self, count: int = 1, *, taken: bool = False) -> None:
        """Answer 200 with half a word of JSON."""
        self._line_up(count, Strike("garbage", taken=taken))

    def html(self, count: int = 1, *, taken: bool = False) -> None:
        """Answer 502 with a page for people."""
        self._line_up(count, Strike("html", taken=taken))

    def cut(self, count: int = 1, *, taken: bool = True) -> None:
        """Close the connection in the middle of the answer's body."""
        self._line_up(count, Strike("cut", taken=taken))

    def short(self, count: int = 1, *, taken: bool = True) -> None:
        """Answer 200 with JSON whose end is missing; the length fits what is left."""
        self._line_up(count, Strike("short", taken=taken))

    def down(self) -> None:
        """Refuse connections."""
        self._server.down()

    def up(self) -> None:
        """Take connections again, on the same port."""
        self._server.up()

    def _line_up(self, count: int, strike: Strike) -> None:
        with self._lock:
            self._waiting.extend([strike] * count)

    @property
    def left(self) -> int:
        """Strikes that have befallen nobody yet."""
        return len(self._waiting)

    def touches(self, method: str) -> bool:
        """Whether this method is troubled at all."""
        return self._methods is None or method.lower() in self._methods

    def strike(self, method: str, chat: str) -> Strike | None:
        """What befalls this call; the fake asks once for each call."""
        with self._lock:
            if not self.touches(method):
                return None
            self._count += 1
            if chat in self._chats:
                return Strike("refuse", self._chats[chat])
            if self._waiting:
                return self._waiting.popleft()
            if self._every and self._count % self._every == 0:
                return Strike("refuse", self._code)
        return None
