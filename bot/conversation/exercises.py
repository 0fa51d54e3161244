"""The steps of a lesson that take several taps: put in order, sort, find the signs, count a hand.

`placed` remembers what was done in the step at hand; it is empty again at the next one.
"""

from __future__ import annotations

from typing import Final

from bot.conversation import lesson_progress as progress
from bot.conversation.state import Option
from bot.conversation.turn import Turn
from bot.library.lesson_steps import Hand, Order, Sort, Spot
from bot.library.lessons import Lesson

Exercise = Order | Sort | Spot | Hand
FINGERS: Final = 5
HAND: Final = ("more", "enough")
"""The two buttons under a hand."""
ENOUGH_ADULTS: Final = 3
"""Trusted adults that a child should be able to name (curriculum.md, S01)."""


def show(turn: Turn, lesson: Lesson, name: str, step: Exercise) -> None:
    """What is to be done next in the step; its own words stand above already."""
    placed = progress.of(turn, lesson.id).placed
    match step:
        case Order():
            turn.say("lesson.order_next" if placed else "lesson.order_first")
            left = [item for item in step.items if item not in placed]
            progress.ask(turn, name, progress.labels(turn, lesson, ("steps", name), "items", left))
        case Sort():
            turn.say(lesson.key("steps", name, "items", _at_hand(step, placed), "say"))
            progress.ask(
                turn, name, progress.labels(turn, lesson, ("steps", name), "bins", step.bins)
            )
        case Spot():
            left = [mark for mark in step.marks if mark not in placed]
            rows = progress.labels(turn, lesson, ("steps", name), "marks", left)
            enough = Option("enough", turn.text(lesson.key("steps", name, "enough")))
            progress.ask(turn, name, [*rows, enough] if placed else rows)
        case Hand():
            if placed:
                turn.say("lesson.hand_count", n=len(placed))
            rows = [Option(part, turn.text(lesson.key("steps", name, part))) for part in HAND]
            progress.ask(turn, name, rows)


def chose(turn: Turn, lesson: Lesson, name: str, step: Exercise, choice: str) -> None:
    """One tap of it. Never "wrong": every answer says why, and leads on."""
    placed = progress.of(turn, lesson.id).placed
    match step:
        case Order():
            _order(turn, lesson, name, step, choice, placed)
        case Sort():
            _sort(turn, lesson, name, step, placed)
        case Spot():
            _spot(turn, lesson, name, step, choice, placed)
        case Hand():
            _hand(turn, lesson, name, step, choice, placed)


def _done(turn: Turn, lesson: Lesson, name: str, step: Exercise, closing: str) -> None:
    """The closing words and the next step in one message."""
    if closing:
        turn.say(lesson.key("steps", name, closing))
    progress.go_on(turn, lesson, step.next)


def _further(
    turn: Turn, lesson: Lesson, name: str, step: Exercise, placed: tuple[str, ...]
) -> None:
    progress.change(turn, lesson.id, placed=placed)
    show(turn, lesson, name, step)


def _order(
    turn: Turn, lesson: Lesson, name: str, step: Order, choice: str, placed: tuple[str, ...]
) -> None:
    """The last item needs no asking."""
    if choice != step.order[len(placed)]:
        turn.say(lesson.key("steps", name, "missed"))
        turn.again()
    elif len(placed) + 1 >= len(step.order) - 1:
        _done(turn, lesson, name, step, "feedback")
    else:
        _further(turn, lesson, name, step, (*placed, choice))


def _at_hand(step: Sort, placed: tuple[str, ...]) -> str:
    """The thing to sort now; the last one where the lesson has become shorter meanwhile."""
    return list(step.items)[min(len(placed), len(step.items) - 1)]


def _sort(turn: Turn, lesson: Lesson, name: str, step: Sort, placed: tuple[str, ...]) -> None:
    """Whichever bin was chosen: where the thing belongs, and why."""
    item = _at_hand(step, placed)
    turn.say(lesson.key("steps", name, "items", item, "feedback"))
    if len(placed) + 1 >= len(step.items):
        _done(turn, lesson, name, step, "")
    else:
        _further(turn, lesson, name, step, (*placed, item))


def _spot(
    turn: Turn, lesson: Lesson, name: str, step: Spot, choice: str, placed: tuple[str, ...]
) -> None:
    if choice == "enough":
        _done(turn, lesson, name, step, "missed")
        return
    turn.say(lesson.key("steps", name, "marks", choice, "feedback"))
    placed = (*placed, choice)
    if all(mark in placed for mark, one in step.marks.items() if one.flag):
        _done(turn, lesson, name, step, "feedback")
    else:
        turn.say("lesson.spot_next")
        _further(turn, lesson, name, step, placed)


def _hand(
    turn: Turn, lesson: Lesson, name: str, step: Hand, choice: str, placed: tuple[str, ...]
) -> None:
    """A number is all that is kept of the people thought of, and only while the step is open."""
    if choice == "more" and len(placed) + 1 < FINGERS:
        _further(turn, lesson, name, step, (*placed, str(len(placed) + 1)))
        return
    count = len(placed) + (choice == "more")
    _done(turn, lesson, name, step, "feedback" if count >= ENOUGH_ADULTS else "few")
