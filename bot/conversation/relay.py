"""What comes from the other side while the user may not be there: an answer, a reminder, a delay.

Decision 8's table says what may be sent at all (care.md).
"""

from __future__ import annotations

from bot.conversation import cases, contact, lines, report
from bot.conversation.effects import Cancel
from bot.conversation.state import Case
from bot.conversation.turn import Turn

WINDOW_US = (24 * 60 - 5) * 60 * 1_000_000
"""WhatsApp's 24 hours, less five minutes on the way."""
NEXT_DAY_US = 22 * 3600 * 1_000_000
"""From the first reminder to the second."""
DELAYED = "care.delayed"
LIVE_US = 10 * 60 * 1_000_000
"""An answer comes straight into the talk while the user, having opened it, last wrote less than
this ago.
"""


def answered(turn: Turn, case: Case) -> None:
    """A case worker wrote: decision 8's table says whether a neutral line may go, or the words are
    held.
    """
    # Whoever answers has read it: an intake elsewhere may not say so first.
    status = "taken" if case.status == "taking_back" else case.status
    case = turn.change_case(case, unread=case.unread + 1, answered=True, read=True, status=status)
    turn.effect(Cancel("follow_up", case.id))
    cases.stop_unread_timer(turn, case)
    manner = contact.manner(turn.state, case, _occasion(turn))
    if manner not in ("neutral_line", "template"):
        return
    turn.lane = "relay"
    if manner == "template":
        turn.template = "notice"
        turn.say("relay.neutral")
    elif _live(turn, case):
        report.show_answer(turn, case)
    else:
        turn.say("relay.neutral")


def _occasion(turn: Turn) -> contact.Occasion:
    """On WhatsApp nothing but a template may go out a day after the user last wrote."""
    shut = turn.house.channel == "whatsapp" and turn.now - turn.state.last_at > WINDOW_US
    return "window_shut" if shut else "answer"


def _live(turn: Turn, case: Case) -> bool:
    place = turn.state.place
    here = place.name == "report" and place.about == case.id and place.step in ("talk", "add")
    return here and turn.now - turn.state.last_at < LIVE_US


def follow_up(turn: Turn, case: Case) -> None:
    """Two hours later and the next day, one neutral line, only to somebody who asked for it."""
    if case.read:
        return
    if turn.now - (case.sent_at or case.at) < NEXT_DAY_US // 2:
        cases.start_timer(turn, case, "follow_up", NEXT_DAY_US)
    if contact.manner(turn.state, case, "follow_up") == "neutral_line":
        turn.lane = "relay"
        turn.say("relay.follow_up")


def unread(turn: Turn, case: Case) -> None:
    """Nobody has read a line for ten minutes: said once, only into a talk that is open before the
    user.
    """
    here = _is_here(turn, case)
    seen_by_user_only = (
        turn.house.channel in ("web", "terminal") or contact.reader(turn.state, case) == "agreed"
    )
    if here and seen_by_user_only:
        turn.lane = "care"
        turn.say("relay.unread")


def delayed(turn: Turn, case: Case) -> None:
    """The report did not reach the intake: said at once where the user is still in this talk, else
    kept as a note.
    """
    asked = turn.house.channel in ("web", "terminal")  # a page is read by who opened it
    if _is_here(turn, case) and (asked or turn.now - turn.state.last_at < LIVE_US):
        turn.lane = "care"
        turn.say(DELAYED)
        lines.numbers(turn)
    else:
        turn.change_case(case, note=DELAYED)


def _is_here(turn: Turn, case: Case) -> bool:
    """The person at the phone is in this very talk, and it is not hidden."""
    here = cases.here(turn)
    return here is not None and here.id == case.id and not turn.state.hidden
