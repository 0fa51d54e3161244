"""What people type instead of tapping: a yes, a no, "only me", "delete it", as it is written here,
with or without a particle behind it. Whole messages only.
"""

from __future__ import annotations

from typing import Final

from bot.conversation.spoken_words import (
    DELETE,
    HELP,
    KEEP,
    NO,
    NOT_SAFE,
    ONLY_ME,
    OTHERS,
    PASS,
    SAFE,
    UNSURE,
    WRONG,
    YES,
)
from bot.conversation.state import Question
from bot.language import normalise

MEANT: Final[dict[str, tuple[tuple[str, frozenset[str]], ...]]] = {
    "first": (("help", HELP), ("wrong", WRONG)),
    "safe": (("yes", SAFE), ("no", NOT_SAFE), ("skip", UNSURE)),
    "device": (("only_me", ONLY_ME | NO), ("others_too", OTHERS | YES), ("skip", UNSURE)),
    "no": (("delete", DELETE), ("pass", PASS)),
    "not_open": (("delete", DELETE),),
}
"""By the step of care: which choice the words stand for. What could delete something takes no
bare yes or no."""


def meant(question: Question, word: str) -> str | None:
    """The choice of the open question that a whole message, already folded, stands for."""
    asker, step, *_ = (*question.id.split("."), "")
    known = MEANT.get(step, ()) if asker == "care" else ()
    offered = {option.choice for option in question.options}
    for choice, words in known:
        if choice in offered and says(word, words):
            return choice
    return None if step in ("no", "device", "safe") and known else _yes_or_no(offered, word)


def known(question: Question, word: str) -> bool:
    """Whether a whole message speaks to the open question of care, and is no telling."""
    if question.asker != "care":
        return False
    on_deleting = DELETE | KEEP
    if question.id.startswith("care.no."):
        on_deleting |= YES | NO
    return says(word, on_deleting) or meant(question, word) is not None


def _yes_or_no(offered: set[str], word: str) -> str | None:
    """A plain yes or no, where the question has exactly that among its choices."""
    wanted = ("yes",) if says(word, YES) else ("no", "dont", "keep") if says(word, NO) else ()
    return next((name for name in wanted if name in offered), None)


def says(word: str, words: frozenset[str]) -> bool:
    """Whether a folded message is one of these, with or without a particle behind it."""
    return word in words or normalise.without_particle(word) in words
