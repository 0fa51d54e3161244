"""What follows from events that are no message: timers, the case worker, the intake."""

from __future__ import annotations

from typing import assert_never

from bot.conversation import care, cases, consent, relay, report, taking_back
from bot.conversation.effects import Hush
from bot.conversation.events import (
    CameBack,
    DeliveryDelayed,
    Event,
    ReportReceived,
    ReportStatus,
    SendParked,
    StaffMessage,
    TimerFired,
    WithdrawAnswered,
)
from bot.conversation.state import Case
from bot.conversation.turn import Turn
from bot.messages import Incoming


def take(turn: Turn, event: Event) -> None:
    """Take an event; a message is not for here."""
    if isinstance(event, Incoming):
        return
    if isinstance(event, SendParked):
        if event.turn >= turn.state.turn:
            turn.change(blocked=True)
            turn.effect(Hush())
        return
    case = turn.state.case(event.case)
    if case is None:
        return
    match event:
        case TimerFired():
            _timer(turn, event, case)
        case StaffMessage():
            relay.answered(turn, case)
        case ReportStatus():
            _status(turn, event, case)
        case ReportReceived():
            _received(turn, case)
        case DeliveryDelayed():
            relay.delayed(turn, case)
        case WithdrawAnswered():
            taking_back.answered(turn, case, done=event.done)
        case CameBack():
            known = any(p.id == case.profile for p in turn.state.profiles)
            turn.change(hidden=False, active=case.profile if known else None)
            report.show_answer(turn, case)
        case _:
            assert_never(event)


def _received(turn: Turn, case: Case) -> None:
    """That it could not be delivered is no longer true, and not said any more."""
    note = "" if case.note == relay.DELAYED else case.note
    status = "received" if case.status == "sent" else case.status
    turn.change_case(case, status=status, note=note)


def _status(turn: Turn, event: ReportStatus, case: Case) -> None:
    """Where the report stands at the intake. Never a message: the user asks, or reads the
    answer.
    """
    if event.status == "read":
        turn.change_case(case, read=True)
        cases.stop_unread_timer(turn, case)
    elif event.status == "taken":
        turn.change_case(case, status="taken", read=True)
        cases.stop_unread_timer(turn, case)
    elif event.status == "closed" or case.status != "taking_back":
        turn.change_case(case, status=event.status)


def _timer(turn: Turn, event: TimerFired, case: Case) -> None:
    match event.kind:
        case "emergency_draft":
            _no_answer(turn, case)
        case "draft_expiry":
            if case.status == "draft":
                care.draft_expired(turn, case)
        case "follow_up":
            relay.follow_up(turn, case)
        case "unread_line":
            relay.unread(turn, case)
        case _:
            assert_never(event.kind)


def _no_answer(turn: Turn, case: Case) -> None:
    """An emergency left unanswered, after it was said what would happen: handed over, without a
    word to the screen.
    """
    if case.status != "draft" or not case.promised:
        return
    if not turn.house.intake_open:
        turn.change_case(case, promised=False, note="care.not_open")
        return
    case = consent.hand_over(turn, case, "no_answer")
    turn.change_case(case, note="care.sent_no_answer")
