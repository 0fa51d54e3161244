"""The first answer to a disclosure, and what to do now: in this order, before any question."""

from __future__ import annotations

from bot.conversation import asides, cases, lines, people, steps
from bot.conversation.state import Case
from bot.conversation.turn import Turn


def answer(turn: Turn, case: Case, *, fresh: bool = False) -> None:
    """Heard you, thank you, not your fault; for a threat what to do now; then the choice."""
    turn.lane = "care"
    case = cases.start_emergency_timer(turn, case)
    case = _step(turn, case, "first")
    if case.level == "emergency" or "physical_abuse" in case.kinds:
        turn.say("care.danger")
    _heard(turn, case)
    if steps.THREATS & set(case.kinds) and not case.did_harm:
        turn.say("care.threat_now")
    if "self_harm" in case.kinds and case.level != "ask":
        self_harm(turn, case)
    if case.promised:
        turn.say("care.promise", operator=turn.house.operator)
    if fresh:
        turn.say("care.draft")
    ask(turn, case)


def self_harm(turn: Turn, case: Case) -> None:
    """Not alone now, and a line that is open: to whoever it is about, or to whoever is beside
    them.
    """
    if steps.told_by_an_adult(turn, case):
        turn.say("care.parent_self_harm")
    else:
        friend = case.about == "friend"
        turn.say("care.friend_self_harm" if friend else "care.self_harm_now")
    lines.numbers(turn, self_harm=True)


def _heard(turn: Turn, case: Case) -> None:
    """Heard you, thank you, not your fault: for a child, a friend, a parent or teacher; for
    somebody who did harm, that telling was right. Then what was said beside it.
    """
    if case.did_harm:
        turn.say("care.heard")
        turn.say("care.did_harm")
    elif case.about == "friend":
        turn.say("care.friend_thanks")
    elif steps.told_by_an_adult(turn, case):
        turn.say("care.adult_thanks")
    elif case.level == "ask":
        turn.say("care.heard")
        turn.say("care.check_in")
    else:
        turn.say("care.heard")
        turn.say("care.not_your_fault")
    asides.answer(turn, case)


def ask(turn: Turn, case: Case) -> None:
    """Help, or "you got me wrong"; the quiet word, and how to leave."""
    turn.say("care.choose")
    turn.say("care.safe_word", safe=turn.safe_word)
    options = [turn.option("help", "care_help"), turn.option("wrong", "care_wrong")]
    if case.promised:
        options.append(turn.option("dont", "care_dont"))
    elif steps.THREATS & set(case.kinds) and "self_harm" not in case.kinds:
        options.append(turn.option("hurt", "may_hurt"))
    turn.ask("care", "first", options)


def _step(turn: Turn, case: Case, step: str) -> Case:
    """Be at a step of this case."""
    turn.go("care", step, case.id)
    return turn.change_case(case, step=step)


def help_now(turn: Turn, case: Case) -> None:
    """What to do, and people who can help now."""
    for key in steps.of(turn, case):
        turn.say(key)
    if steps.taken_down(case) and case.about in ("self", "unknown"):
        turn.say("care.threat_picture")
    turn.say("care.people")
    lines.numbers(turn, self_harm="self_harm" in case.kinds)
    turn.say("help.nobody_answers")
    if turn.profile and not turn.profile.ready and len(turn.state.profiles) > 1:
        turn.say("welcome.animal", **people.label_values(turn, turn.profile))
