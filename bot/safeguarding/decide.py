"""From what was found to one Concern: the only place where level, kinds, about and reasons are
joined.

A trained model's opinion joins here too: it may raise a level, never lower one that a rule gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.messages import Language
from bot.safeguarding.concern import HARMS, LEVELS, About, Concern, Harm, Level
from bot.safeguarding.rules import RuleData

KINDS: Final = 4
REASONS: Final = 5
SCORES: Final[dict[Level, float]] = {
    "none": 0.0,
    "ask": 0.4,
    "concern": 0.6,
    "urgent": 0.8,
    "emergency": 0.95,
}


def decide(
    matched: Sequence[RuleData],
    *,
    about: About,
    language: Language | None,
    romanised: bool,
    model: str,
) -> Concern:
    """The worst level of the rules that hold; their harms, worst and most often named first;
    what a case worker reads."""
    if not matched:
        return Concern(language=language, romanised=romanised, model=model)
    worst_first = sorted(matched, key=lambda rule: -LEVELS.index(rule.level))
    level = worst_first[0].level
    return Concern(
        level=level,
        kinds=_kinds(worst_first),
        about=next((rule.about for rule in worst_first if rule.about), about),
        language=language,
        romanised=romanised,
        reasons=tuple(dict.fromkeys(rule.reason for rule in worst_first))[:REASONS],
        score=min(1.0, SCORES[level] + 0.01 * (len(matched) - 1)),
        model=model,
    )


def failed(model: str, matched: bool) -> Concern:
    """When screening itself broke: it leans to care."""
    reason = "screening failed after a rule matched" if matched else "screening failed"
    return Concern(
        level="ask", kinds=("other",), reasons=(reason,), score=SCORES["ask"], model=model
    )


def _kinds(rules: Sequence[RuleData]) -> tuple[Harm, ...]:
    weight: dict[Harm, float] = {}
    for rule in rules:
        step = 4.0 ** LEVELS.index(rule.level)
        for place, harm in enumerate(rule.harms):
            weight[harm] = weight.get(harm, 0.0) + step / (1 + place)
    if len(weight) > 1:
        weight.pop("other", None)
    return tuple(sorted(weight, key=lambda harm: (-weight[harm], HARMS.index(harm)))[:KINDS])
