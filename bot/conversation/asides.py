"""What is said beside a harm, or without one, and wants a sentence of its own: fear over an
account, the police, "just testing", anger (care.md, 5; behaviours 10, 22, 24).
"""

from __future__ import annotations

from bot.conversation.state import Case
from bot.conversation.turn import Turn


def answer(turn: Turn, case: Case | None) -> bool:
    """Say the sentences; whether there were any. "Just joking" in the middle of a telling is part
    of the telling, and outside of care a joke is just that.
    """
    alone = turn.concern.level == "none"
    said = [key for aside in turn.concern.asides if (key := _key(turn, aside, case, alone))]
    for key in said:
        turn.say(key, **_values(turn, key))
    return bool(said)


def _hurt(turn: Turn, case: Case | None) -> bool:
    """Somebody told of harm done to them, and did not only ask in words that sound like it."""
    if case is None or case.did_harm or case.about != "self" or case.level == "ask":
        return False
    return case.words > 1 or not turn.concern.only_sounds


def _values(turn: Turn, key: str) -> dict[str, str]:
    match key:
        case "care.testing":
            return {"wrong": turn.text("button.care_wrong")}
        case "care.who_reads":
            return {"operator": turn.house.operator}
        case "care.can_tell":
            return {"safe": turn.safe_word}
        case _:
            return {}


def _key(turn: Turn, aside: str, case: Case | None, alone: bool) -> str | None:
    match aside:
        case "fears_account":
            return "care.account_rule"
        case "police":
            return "care.police" if _hurt(turn, case) else "care.police_open"
        case "testing" if alone and case and case.step == "first":
            return "care.testing"
        case "angry" if alone and case:
            return "care.angry"
        case "asks_who" if case:
            return "care.who_reads"
        case "wants_to_tell" if alone and case is None:
            return "care.can_tell"
        case _:
            return None
