"""Reads what a message means to the question that stands open: one of its choices, own words, or
neither.
"""

from __future__ import annotations

from typing import Final

import msgspec

from bot.conversation import spoken
from bot.conversation.state import Question
from bot.language import normalise
from bot.messages import Incoming, Words


class Reply(msgspec.Struct, frozen=True):
    """`choice` answers the question that stands open; `text` are own words; both None: a tap that
    is no longer valid.
    """

    choice: str | None = None
    text: Words | None = None


STALE = Reply()
LIST: Final = 4
"""A question in own words with fewer choices than this takes no numbers for them."""


def read(question: Question | None, incoming: Incoming) -> Reply:
    """A tap counts only with a token of the open question; a number, letter or label typed counts
    as a tap.
    """
    if incoming.kind == "tap":
        return _tapped(question, incoming.token or "")
    if incoming.text is None:
        return STALE
    choice = _typed(question, incoming.text.reveal()) if question else None
    return Reply(choice, incoming.text)


def whole(text: Words) -> str:
    """A short message folded, to be compared with what people write instead of tapping."""
    return normalise.bare(text.reveal()[:60])


def _tapped(question: Question | None, token: str) -> Reply:
    if question is None:
        return STALE
    name, _, choice = token.rpartition(".")
    known = any(option.choice == choice for option in question.options)
    return Reply(choice) if known and name == question.id else STALE


def _typed(question: Question, text: str) -> str | None:
    """The choice meant by "2", "b" or the label itself."""
    word = normalise.bare(text[:200])
    if not word:
        return _by_emoji(question, text)
    options = question.options
    for option in options:
        if normalise.bare(option.label) == word:
            return option.choice
    if question.free and len(options) < LIST:
        return None  # here a number may be the answer itself
    if word.isascii() and word.isdigit() and len(word) <= 2:
        place = int(word) - 1
        return options[place].choice if 0 <= place < len(options) else None
    if meant := spoken.meant(question, word):
        return meant
    letters = not question.free and question.asker != "care"
    if letters and len(word) == 1 and len(text.strip()) <= 3 and word.isascii():
        place = ord(word) - ord("a")
        return options[place].choice if 0 <= place < len(options) else None
    return None


def _by_emoji(question: Question, text: str) -> str | None:
    """Labels that are pictures only have no letters left after folding; compare them as they
    are.
    """
    found = (option.choice for option in question.options if option.label == text.strip())
    return next(found, None)
