"""What screening says about one message."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from bot.messages import Language

Level = Literal["none", "ask", "concern", "urgent", "emergency"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
Harm = Literal[
    "sexual_extortion", "image_abuse", "grooming", "sexual_abuse", "physical_abuse",
    "self_harm", "bullying", "scam", "exploitation", "other",
]  # fmt: skip
HARMS: Final[tuple[Harm, ...]] = get_args(Harm)
Aside = Literal[
    "did_harm",
    "fears_account",
    "police",
    "testing",
    "angry",
    "refuses",
    "asks_who",
    "wants_to_tell",
]
"""What a message says beside a harm, or without one, that wants a sentence of its own."""
About = Literal["self", "friend", "own_child", "pupil", "unknown"]


class Concern(msgspec.Struct, frozen=True):
    """How worried to be, about what, about whom, and why.

    `kinds` are exactly the harms of report.schema.json, the likeliest first. `reasons` are short
    phrases of our own
    for a case worker ("threat to share a picture"); they never quote the user. `score` is 0..1.
    `named` is whom the words name as the writer's own (child, pupil, friend), also where `about` is
    the writer.
    """

    level: Level = "none"
    kinds: tuple[Harm, ...] = ()
    about: About = "unknown"
    named: About = "unknown"
    language: Language | None = None
    romanised: bool = False
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    asides: tuple[Aside, ...] = ()
    model: str = ""

    def at_least(self, level: Level) -> bool:
        """True when this level is `level` or worse."""
        return LEVELS.index(self.level) >= LEVELS.index(level)


NOTHING: Final = Concern()
