"""What is kept, and how to have it deleted."""

from __future__ import annotations

from bot.conversation import cases
from bot.conversation.effects import Forget
from bot.conversation.state import Place
from bot.conversation.turn import Turn
from bot.messages import Words


def show(turn: Turn) -> None:
    """What is kept about whoever is here."""
    turn.say("privacy.text", operator=turn.house.operator, days=turn.house.retention_days)
    turn.ask("privacy", "main", [turn.option("delete"), turn.option("back")])


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Delete, or back to the menu."""
    if choice == "delete":
        ask_forget(turn)
    elif choice == "back":
        turn.move("menu")
    else:
        if text:
            turn.say("common.not_understood")
        turn.again()


def ask_forget(turn: Turn) -> None:
    """One confirming tap (care.md, 3); says that a report which was sent stays."""
    turn.say("forget.ask")
    turn.ask("forget", "confirm", [turn.option("delete_yes"), turn.option("keep")])


def answer_forget(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Erase the active profile only, and answer with one neutral line."""
    if choice != "delete_yes":
        turn.say("forget.kept")
        turn.again()
        return
    language = turn.language
    line = turn.text("forget.done")
    if turn.state.active:
        _erase(turn, turn.state.active)
    rest = turn.state.profiles
    turn.change(language=language if rest else None, active=None, place=Place("welcome"), faint=())
    turn.close_question()
    turn.plain(line)


def _erase(turn: Turn, profile: str) -> None:
    for case in turn.state.cases:
        if case.profile == profile:
            cases.forget(turn, case)
    turn.change(profiles=tuple(p for p in turn.state.profiles if p.id != profile))
    turn.effect(Forget(profile))
