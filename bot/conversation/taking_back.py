"""Taking a report back from an intake elsewhere. That can only be asked for where the report may
already be: it is deleted when the intake says so, and what came of it is told when the user looks.
"""

from __future__ import annotations

from bot.conversation import cases
from bot.conversation.effects import WithdrawReport
from bot.conversation.state import Case
from bot.conversation.turn import Turn


def may_be_shown(case: Case) -> bool:
    """Whether there is something to say about a wish to take it back."""
    return case.status == "taking_back" or (case.status == "withdrawn" and bool(case.note))


def ask(turn: Turn, case: Case) -> None:
    """Nothing further of this case is said to anybody; what is told next begins a new one."""
    turn.effect(WithdrawReport(case.id))
    cases.cancel_timers(turn, case)
    show(turn, turn.change_case(case, status="taking_back", note="", push=False))


def show(turn: Turn, case: Case) -> None:
    """Where it stands; once it is deleted there, that is said once and the case is gone."""
    if case.note:
        turn.say(case.note)
        turn.change_case(case, note="")
    else:
        turn.say("report.take_back_asked", operator=turn.house.operator)
    if case.status == "withdrawn":
        turn.change(cases=tuple(c for c in turn.state.cases if c.id != case.id))
    turn.lane = "normal"
    turn.move("menu")


def answered(turn: Turn, case: Case, *, done: bool) -> None:
    """The intake has answered. Never a message: it is told when the user looks (care.md, 8)."""
    cases.cancel_timers(turn, case)
    if not done:
        status = "taken" if case.status == "taking_back" else case.status
        turn.change_case(case, status=status, read=True, note="report.too_late")
        return
    bare = Case(
        id=case.id, profile=case.profile, language=case.language, level="concern", at=case.at,
        status="withdrawn", device=case.device, code=case.code, reference=case.reference,
        note="report.taken_back",
    )  # fmt: skip
    turn.change(cases=tuple(bare if c.id == case.id else c for c in turn.state.cases))
