"""The menu and the list of lessons."""

from __future__ import annotations

from bot.conversation import lesson, mine, offering, practice, welcome
from bot.conversation.state import Option
from bot.conversation.turn import Turn
from bot.messages import Words


def show(turn: Turn) -> None:
    """What would you like to do? The list of lessons, where that was open."""
    if turn.state.place.step == "lessons":
        lessons(turn)
        return
    profile = turn.profile
    if profile is None or not profile.ready:
        turn.move("welcome", welcome.step_of(profile))
        return
    turn.say("menu.ask")
    options = [turn.option("my_case")] if mine.reachable(turn) else []
    options += [turn.option(row) for row in _going_on(turn)]
    options += [turn.option(name) for name in ("lessons", "help", "content", "language", "privacy")]
    options.append(turn.option("who", "someone_new"))
    turn.ask("menu", "main", options)


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """A row of the menu, or of the list of lessons."""
    if choice is None:
        if text:
            turn.say("common.not_understood")
        turn.again()
    elif turn.state.place.step == "lessons":
        _picked(turn, choice)
    else:
        _chose(turn, choice)


def _chose(turn: Turn, choice: str) -> None:
    match choice:
        case "my_case":
            mine.go(turn)
        case "go_on":
            lesson.resume(turn)
        case "practice":
            practice.begin(turn)
        case "next_lesson":
            _next_lesson(turn)
        case "lessons":
            lessons(turn)
        case "privacy" | "content":
            turn.move("privacy" if choice == "privacy" else "content")
        case "who":
            turn.move("who")
        case "help":
            turn.help_wanted = True
        case "language":
            ask_language(turn)
        case _:
            turn.move("menu")


def _going_on(turn: Turn) -> list[str]:
    """What comes next: the lesson that stands open and the scene that is due; else the next
    lesson.
    """
    rows = ["go_on"] if offering.paused(turn) else []
    rows += ["practice"] if offering.due(turn) else []
    return rows or (["next_lesson"] if offering.following(turn) else [])


def _next_lesson(turn: Turn) -> None:
    following = offering.following(turn)
    if following:
        lesson.begin(turn, following)
    else:
        turn.move("menu")


def lessons(turn: Turn) -> None:
    """The lessons for whoever is here. Under 13 and alone, on a door that wants an adult: the class
    page instead.
    """
    found = offering.lessons(turn)
    if not found:
        turn.say("menu.no_lessons")
        turn.move("menu")
        return
    turn.go("menu", "lessons")
    turn.say("menu.lessons")
    if any(turn.library.draft(one.id, turn.language) for one in found):
        turn.say("menu.draft")
    options = [Option(one.id, turn.text(f"lessons.{one.id}.title")) for one in found]
    turn.ask("menu", "lessons", [*options, turn.option("back")])


def _picked(turn: Turn, choice: str) -> None:
    if choice in {one.id for one in offering.lessons(turn)}:
        lesson.begin(turn, choice)
    else:
        turn.move("menu")


def ask_language(turn: Turn) -> None:
    """Which language? The place stays as it is."""
    turn.say("language.ask")
    turn.ask("language", "pick", welcome.language_options(turn))
