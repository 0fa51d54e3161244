"""Rules on what is drawn: every character has a glyph in the font of its language, and a picture is
small enough for a phone that pays by the byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.library import fonts, pictures, staging
from bot.library.tree import Problem, Said, Tree
from bot.messages import LANGUAGES


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


def weight(tree: Tree) -> Iterator[Problem]:
    """No picture is too heavy; looked at where text can be shaped."""
    for lesson in tree.lessons.values() if pictures.can_draw() else ():
        for where, chat in staging.chats(lesson):
            for language in LANGUAGES:
                said = partial(tree.text, language)
                drawn = staging.picture(staging.staged(lesson, where, chat, said, language))
                if len(drawn) > pictures.MOST_BYTES:
                    message = f"the picture has {len(drawn)} bytes of {pictures.MOST_BYTES}"
                    key = lesson.key(*where, "chat")
                    yield Problem("weight", tree.files[lesson.id], key, language, message)
