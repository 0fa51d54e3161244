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


SOUNDS_LIKE: Final[dict[Harm, str]] = {
    "sexual_extortion": "sounds like being threatened over pictures",
    "image_abuse": "sounds like pictures taken, faked or passed on",
    "grooming": "sounds like somebody winning a child's trust for harm",
    "sexual_abuse": "sounds like being touched or made to do things",
    "physical_abuse": "sounds like being hurt or uncared for",
    "self_harm": "sounds like wanting to hurt oneself or to die",
    "bullying": "sounds like being bullied",
    "scam": "sounds like being cheated of money or an account",
    "exploitation": "sounds like being used for money or work",
    "other": "sounds like something is wrong",
}
"""What a case worker reads where no rule says it more exactly. Never the user's words."""


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

    @property
    def only_sounds(self) -> bool:
        """No rule knows the words: the model alone took them for harm."""
        return bool(self.reasons) and set(self.reasons) <= set(SOUNDS_LIKE.values())


NOTHING: Final = Concern()
