"""Rules on what is drawn: every character has a glyph in the font of its language."""

from __future__ import annotations

from collections.abc import Iterator

from bot.library import fonts
from bot.library.tree import Problem, Said, Tree


def drawn(said: Said) -> bool:
    """Whether a text stands in a picture."""
    return ".chat." in said.entry.key


def glyphs(tree: Tree) -> Iterator[Problem]:
    """No character of a picture lacks a glyph."""
    for said in filter(drawn, tree.said()):
        missing = set(said.text) - fonts.held(fonts.OF_LANGUAGE[said.language]) - {"\n"}
        if missing:
            letters = "".join(sorted(missing))
            yield said.problem("glyphs", f"the font has no {letters}; run: lessons fonts")
