"""The help list: numbers from the directory, and what to do if nobody answers."""

from __future__ import annotations

from bot.conversation import cases, mine
from bot.conversation.turn import Turn
from bot.library.helplines import Line
from bot.messages import Words


def help_list(turn: Turn, *, quietly: bool = False) -> None:
    """Everything that helps, in one message; the place stays as it is."""
    turn.lane = "care"
    turn.say("help.title")
    numbers(turn)
    turn.say("help.nobody_answers")
    turn.say("help.can_tell")
    _ask(turn, quietly=quietly)


def _ask(turn: Turn, *, quietly: bool) -> None:
    rows = ["my_case"] if mine.reachable(turn, quietly=quietly) else []
    rows += ["tell", "call_card", "back"]
    turn.ask("help", "list", [turn.option(row) for row in rows])


LISTENING = frozenset({"emergency", "child_helpline", "mental_health"})
FOR_A_LIST = LISTENING | {"scam"}


def numbers(turn: Turn, *, self_harm: bool = False) -> None:
    """One line a service that may be shown and is open now; always 999 and 15999, always one way
    without a call.
    """
    kinds = LISTENING if self_harm else FOR_A_LIST
    rows = turn.library.helplines.open_now(turn.now, adult=turn.adult)
    turn.plain("\n".join(line for row in rows if row.kind in kinds for line in _lines(turn, row)))


def _lines(turn: Turn, row: Line) -> list[str]:
    what = turn.text(row.key("what"))
    found = []
    if row.phone:
        found.append(turn.text("help.line_call", phone=row.phone, what=what))
    if row.whatsapp:
        found.append(turn.text("help.line_chat", whatsapp=row.whatsapp, what=what))
    return found


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Under the help list: tell what is wrong, or back to where the person was."""
    if choice == "my_case":
        mine.go(turn)
    elif choice == "call_card":
        turn.lane = "care"
        turn.say("help.call_card")
        _ask(turn, quietly=False)
    elif choice == "tell":
        turn.change(hidden=False)
        case = cases.begin(turn)
        turn.move("care", "tell", case.id)
    else:
        turn.again()
