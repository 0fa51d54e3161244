"""Which place shows and answers what. A new place that is missing here breaks the type check."""

from __future__ import annotations

from typing import assert_never

from bot.conversation import (
    care,
    cases,
    content,
    lesson,
    lines,
    menu,
    people,
    practice,
    privacy,
    report,
    welcome,
)
from bot.conversation.state import OverlayName, PlaceName
from bot.conversation.turn import Turn
from bot.messages import LANGUAGES, Words


def show(turn: Turn, place: PlaceName) -> None:
    """Say where the person is, with the question that stands open there."""
    match place:
        case "welcome":
            welcome.show(turn)
        case "who":
            people.show(turn)
        case "menu":
            menu.show(turn)
        case "lesson":
            lesson.show(turn)
        case "practice":
            practice.show(turn)
        case "care":
            care.show(turn)
        case "report":
            report.show(turn)
        case "privacy":
            privacy.show(turn)
        case "content":
            content.show(turn)
        case _:
            assert_never(place)


def answer(
    turn: Turn, asker: PlaceName | OverlayName, choice: str | None, text: Words | None
) -> None:
    """Give an answer to whoever asked."""
    match asker:
        case "welcome":
            welcome.answer(turn, choice, text)
        case "who":
            people.answer(turn, choice, text)
        case "menu":
            menu.answer(turn, choice, text)
        case "lesson":
            lesson.answer(turn, choice, text)
        case "practice":
            practice.answer(turn, choice, text)
        case "care":
            care.answer(turn, choice, text)
        case "report":
            report.answer(turn, choice, text)
        case "privacy":
            privacy.answer(turn, choice, text)
        case "content":
            content.answer(turn, choice, text)
        case "language":
            _language_chosen(turn, choice)
        case "forget":
            privacy.answer_forget(turn, choice, text)
        case "help":
            lines.answer(turn, choice, text)
        case _:
            assert_never(asker)


def _language_chosen(turn: Turn, choice: str | None) -> None:
    language = next((x for x in LANGUAGES if x == choice), None)
    if language:
        turn.change(language=language)
        if turn.profile:
            turn.change_profile(language=language)
        if case := cases.here(turn):
            turn.change_case(case, language=language)
        turn.say("language.changed")
    turn.again()
