"""From what was found to one Concern: the only place where rules and model are joined.

The model may raise a level. Where it doubts that anything is told, a rule is a reason to ask at
most; where it is as good as certain of that, no reason at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.messages import Language
from bot.safeguarding.concern import HARMS, LEVELS, SOUNDS_LIKE, About, Concern, Harm, Level
from bot.safeguarding.model import ABOUT, Limits, Opinion
from bot.safeguarding.rules import RuleData

DOUBT: Final = 0.25
"""Under this probability the model doubts. Then a rule is no more than a reason to ask."""
DENIAL: Final = 0.12
"""Under this one it denies: by cross-validation that silences one rule in a hundred where it is
right, and three in ten where it is wrong."""
KINDS: Final = 4
REASONS: Final = 5
LIKELY: Final = 0.5
"""From which probability on the model's harm is named beside its likeliest."""
SURE_OF_WHOM: Final[dict[str, float]] = {"friend": 0.75, "own_child": 0.5, "pupil": 0.5}
"""A threat by somebody called she is not yet a friend's story."""
SCORES: Final[dict[Level, float]] = {
    "none": 0.0,
    "ask": 0.4,
    "concern": 0.6,
    "urgent": 0.8,
    "emergency": 0.95,
}
_HARM_FROM: Final = 3
_ABOUT_FROM: Final = _HARM_FROM + len(HARMS)
BY_RULES: Final = Limits(ask=1.0, concern=1.0, urgent=1.0, emergency=1.0)
"""The limits where no model is."""


def decide(
    matched: Sequence[RuleData],
    opinion: Opinion | None,
    limits: Limits,
    *,
    about: About,
    language: Language | None,
    romanised: bool,
    model: str,
    sure: bool = False,
) -> Concern:
    """The worst level of the rules and of the model; the harms, likeliest first; what a case worker
    reads. `sure`: a rule stands whatever the model thinks."""
    share = opinion.told if opinion else 0.0
    asides = tuple(dict.fromkeys(rule.aside for rule in matched if rule.aside))
    denied = opinion is not None and not sure and share < DENIAL
    matched = [rule for rule in matched if rule.level != "none" and not denied]
    believed = opinion is None or sure or share >= DOUBT
    worst_first = sorted(matched, key=lambda rule: -LEVELS.index(rule.level))
    by_rules: Level = worst_first[0].level if worst_first else "none"
    if worst_first and not believed:
        by_rules = "ask"
    level = max(by_rules, level_of(opinion, limits) if opinion else "none", key=LEVELS.index)
    if level == "none":
        return Concern(
            language=language,
            romanised=romanised,
            score=share * SCORES["ask"],
            asides=asides,
            model=model,
        )
    kinds = _kinds(worst_first, opinion)
    return Concern(
        level=level,
        kinds=kinds,
        about=next((r.about for r in worst_first if r.about), _whom(opinion, about)),
        language=language,
        romanised=romanised,
        reasons=_reasons(worst_first, kinds),
        score=min(1.0, SCORES[level] + 0.05 * share),
        asides=asides,
        model=model,
    )


def level_of(opinion: Opinion, limits: Limits) -> Level:
    """What the model alone says."""
    told, urgent, emergency = opinion.shares[:3]
    if told < limits.ask:
        return "none"
    if told < limits.concern:
        return "urgent" if emergency >= limits.emergency else "ask"
    if emergency >= limits.emergency:
        return "emergency"
    return "urgent" if urgent >= limits.urgent else "concern"


def plea(nothing: Concern) -> Concern:
    """A message that asks for help and says no more."""
    return msgspec.structs.replace(
        nothing,
        level="ask",
        kinds=("other",),
        reasons=("a plea for help",),
        score=SCORES["ask"],
    )


def failed(model: str, matched: bool) -> Concern:
    """When screening itself broke: it leans to care."""
    reason = "screening failed after a rule matched" if matched else "screening failed"
    return Concern(
        level="ask", kinds=("other",), reasons=(reason,), score=SCORES["ask"], model=model
    )


def _whom(opinion: Opinion | None, about: About) -> About:
    """Whom it is about: somebody the words named, else the model where it is sure."""
    if opinion is None or about in ABOUT:
        return about
    shares = opinion.shares[_ABOUT_FROM:]
    best = max(range(len(ABOUT)), key=shares.__getitem__)
    if shares[best] >= SURE_OF_WHOM[ABOUT[best]]:
        return ABOUT[best]
    return "self" if about == "unknown" else about


def _kinds(rules: Sequence[RuleData], opinion: Opinion | None) -> tuple[Harm, ...]:
    """The harms of the worst rules, else the model's likeliest, and what else is likely."""
    weight: dict[Harm, float] = {}
    for rule in rules:
        step = 0.5 if rule.level == rules[0].level else 0.25
        for place, harm in enumerate(rule.harms):
            weight[harm] = max(weight.get(harm, 0.0), step / (1 + place))
    if opinion:
        shares = dict(zip(HARMS, opinion.shares[_HARM_FROM:_ABOUT_FROM], strict=True))
        named = bool(weight)
        best = max(HARMS, key=shares.__getitem__)
        for harm, share in shares.items():
            if (harm == best and not named) or harm in weight or share >= LIKELY:
                weight[harm] = weight.get(harm, 0.0) + share
    if len(weight) > 1 and max(weight, key=weight.__getitem__) != "other":
        weight.pop("other", None)
    return tuple(sorted(weight, key=lambda harm: (-weight[harm], HARMS.index(harm)))[:KINDS])


def _reasons(rules: Sequence[RuleData], kinds: Sequence[Harm]) -> tuple[str, ...]:
    said = dict.fromkeys(rule.reason for rule in rules)
    covered = {harm for rule in rules for harm in rule.harms}
    said |= dict.fromkeys(SOUNDS_LIKE[harm] for harm in kinds if harm not in covered)
    return tuple(said)[:REASONS]
