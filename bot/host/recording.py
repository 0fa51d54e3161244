"""`run.py chat --record FILE`: a conversation as a transcript that a test can play again
(tests/conversations/). Written down are what was typed and which choices stood open, no text of
the bot's: a wording that changes breaks no recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from bot.messages import Choice, Outgoing


class Recorder:
    """Writes one conversation down, line by line."""

    def __init__(self, out: TextIO, language: str | None) -> None:
        self._out = out
        self._open: Sequence[Choice] = ()
        self._write(f"# recorded with run.py chat --record\nlanguage: {language or 'en'}")
        self._write("channel: terminal\n> /start")

    def typed(self, line: str) -> None:
        """What the person typed; the number of a choice counts as a tap on it."""
        words = " ".join(line.split())
        if words.isdigit() and 1 <= int(words) <= len(self._open):
            words = f"[{_name(self._open[int(words) - 1])}]"
        if words:
            self._write(f"> {words}")

    def answered(self, outgoing: Outgoing) -> None:
        """Where the bot's answer leaves the person."""
        self._open = outgoing.choices
        if not self._open:
            return
        self._write("= asks " + " ".join(self._open[0].token.split(".")[:2]))
        self._write("= offers " + " ".join(_name(choice) for choice in self._open))

    def _write(self, line: str) -> None:
        print(line, file=self._out, flush=True)


def _name(choice: Choice) -> str:
    return choice.token.rpartition(".")[2]
