"""What the turns before, and the lesson at hand, change about one message. Kept are scores, never
words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from bot.language import fold
from bot.safeguarding.concern import Concern
from bot.safeguarding.decide import SCORES

KEPT: Final = 3
HALF_US: Final = 10 * 60 * 1_000_000
"""After so long a message's score counts half."""
ENOUGH: Final = 1.2
FAINT: Final = 0.3
"""Less than this share of the way to `ask` is nothing to remember."""
_RUN: Final = 4
ECHO: Final = 0.9
"""A message so much of whose runs of letters stands in one sentence of the lesson repeats it."""


class Faint(msgspec.Struct, frozen=True):
    """A message that was not worrying enough by itself: how near it came (0..1), when (µs
    UTC), from whom."""

    near: float
    at: int
    profile: str | None = None


def faint(concern: Concern, now: int, profile: str | None) -> Faint | None:
    """What is remembered of a message that gave no concern, if anything."""
    near = min(1.0, concern.score / SCORES["ask"])
    if concern.level != "none" or near < FAINT:
        return None
    return Faint(near, now, profile)


def kept(before: Sequence[Faint], new: Faint | None) -> tuple[Faint, ...]:
    """The last few."""
    return (*before, new)[-KEPT:] if new else tuple(before)


def joined(concern: Concern, before: Iterable[Faint], now: int, profile: str | None) -> Concern:
    """The concern of a message with the turns before it: several that each came near are a reason
    to ask."""
    if concern.level != "none" or concern.score < FAINT * SCORES["ask"]:
        return concern
    mine = [one for one in before if one.profile == profile]
    near = (concern.score / SCORES["ask"]) ** 2
    near += sum(one.near**2 * 0.5 ** (max(0, now - one.at) / HALF_US) for one in mine)
    if not mine or near < ENOUGH:
        return concern
    return msgspec.structs.replace(
        concern,
        level="ask",
        kinds=("other",),
        reasons=("several messages together",),
        score=SCORES["ask"],
    )


def echoes(text: str, sentences: Iterable[str]) -> bool:
    """Whether a message only repeats what one text of the lesson itself says."""
    said = _runs(text)
    return bool(said) and any(len(said & _runs(one)) >= ECHO * len(said) for one in sentences)


def _runs(text: str) -> set[str]:
    folded = fold.plain(text).replace(".", "")
    return {folded[i : i + _RUN] for i in range(len(folded) - _RUN + 1)}
