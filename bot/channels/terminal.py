"""The terminal's form of a message: text with numbered choices, and what a typed line says."""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.messages import Outgoing

WIPED: Final = "\n" * 60
"""Pushes what was said out of sight. Escape codes would be printed as they are where the output is
no screen.
"""


def render(outgoing: Outgoing) -> str:
    """The text, then the choices with the numbers that answer them. Nothing in it can steer the
    terminal.
    """
    choices = [f"  {n}. {plain(c.label)}" for n, c in enumerate(outgoing.choices, start=1)]
    blocks = [plain(outgoing.text), "\n".join(choices)]
    return (WIPED if outgoing.wipe else "") + "\n\n".join(block for block in blocks if block)


def typed(line: str) -> str:
    """The text of a typed line: its end and the keys that left no letter are gone."""
    return plain(line).replace("\n", " ").strip()


def plain(text: str) -> str:
    """The text without control characters; line ends stay. A case worker's or a child's words could
    hold some.
    """
    tidy = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(c for c in tidy if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
