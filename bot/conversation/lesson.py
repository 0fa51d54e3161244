"""The lesson player: one step after the other, with pause, resume, stale taps, typed answers and
own words.
"""

from __future__ import annotations

from typing import assert_never

from bot.conversation import exercises, offering, practice
from bot.conversation import lesson_progress as progress
from bot.conversation.state import Option
from bot.conversation.turn import Turn
from bot.library import lessons
from bot.library.lesson_steps import (
    Card,
    Choose,
    End,
    Hand,
    Order,
    Sort,
    Spot,
    Step,
    Tell,
    Write,
)  # fmt: skip
from bot.library.lessons import Lesson
from bot.messages import Words

MASTERY_SCENES = 2
"""New scenes to get right in a lesson's check; a later booster asks one more (curriculum, 4)."""


def begin(turn: Turn, lesson_id: str) -> None:
    """Play a lesson; one that stands open goes on where it was."""
    lesson = turn.library.lessons[lesson_id]
    known = progress.of(turn, lesson_id)
    if known.step in lesson.steps:
        turn.say("lesson.welcome_back")
    else:
        again = {"right": 0, "missed": 0, "taps": 0, "alarms": 0, "placed": ()}
        progress.change(turn, lesson_id, step=lesson.start, **again)
    turn.move("lesson", progress.of(turn, lesson_id).step, lesson_id)


def resume(turn: Turn) -> None:
    """Go on with the lesson that stands open."""
    name = offering.paused(turn)
    if name is None:
        turn.move("menu")
    else:
        begin(turn, name)


def _current(turn: Turn) -> Lesson | None:
    """The lesson at hand; None where content has changed under the feet of the user."""
    lesson = turn.library.lessons.get(turn.state.place.about)
    known = lesson is not None and turn.profile is not None
    return lesson if known and lesson and turn.state.place.step in lesson.steps else None


# -- showing


def show(turn: Turn) -> None:
    """The step that stands open."""
    lesson = _current(turn)
    if lesson is None:
        turn.move("menu")
        return
    name = turn.state.place.step
    step = lesson.steps[name]
    _say_step(turn, lesson, name)
    match step:
        case Tell():
            progress.ask(turn, name, [turn.option("next")])
        case Choose():
            rows = progress.labels(turn, lesson, ("steps", name), "choices", step.choices)
            progress.ask(turn, name, rows)
        case Order() | Sort() | Spot() | Hand():
            exercises.show(turn, lesson, name, step)
        case Write():
            skip = Option("skip", turn.text(lesson.key("steps", name, "skip")))
            progress.ask(turn, name, [skip], free=True)
        case Card():
            lines = (turn.text(lesson.key("steps", name, "lines", line)) for line in step.lines)
            turn.plain("\n".join(lines))
            progress.ask(turn, name, [turn.option("next")])
        case End():
            _finish(turn, lesson)
        case _:
            assert_never(step)


def _say_step(turn: Turn, lesson: Lesson, name: str) -> None:
    """The step's own words, under how far one is. A detour makes the way longer, never a loss."""
    text = turn.text(lesson.key("steps", name, "say"))
    left = lessons.steps_left(lesson, name)
    taken = progress.of(turn, lesson.id).taps
    turn.plain(f"{taken + 1}/{taken + left}\n{text}" if left else text)
    step = lesson.steps[name]
    if isinstance(step, Tell | Choose | Spot | Write) and step.chat:
        progress.show_chat(turn, lesson, ("steps", name), step.chat)


def sentences(turn: Turn, lesson_id: str) -> list[str]:
    """What the steps and later scenes of a lesson say, as whoever is here reads it."""
    lesson = turn.library.lessons.get(lesson_id)
    if lesson is None:
        return []
    ways = [where for where, _ in lesson.texts() if where[0] in ("steps", "boosters")]
    return [turn.text(lesson.key(*where)) for where in ways]


# -- answering


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Feedback and the next step in one message; own words where they are asked for; never
    "wrong".
    """
    lesson = _current(turn)
    if lesson is None:
        turn.move("menu")
        return
    name = turn.state.place.step
    step = lesson.steps[name]
    if isinstance(step, Write) and text is not None and choice is None:
        turn.say(lesson.key("steps", name, "feedback"))
        progress.go_on(turn, lesson, step.next)
    elif choice is None:
        if text:
            turn.say("common.not_understood")
        turn.again()
    elif choice == "help":
        turn.help_wanted = True
    else:
        _chose(turn, lesson, name, step, choice)


def _chose(turn: Turn, lesson: Lesson, name: str, step: Step, choice: str) -> None:
    match step:
        case Choose():
            _decided(turn, lesson, name, step, choice)
        case Order() | Sort() | Spot() | Hand():
            exercises.chose(turn, lesson, name, step, choice)
        case Tell() | Write() | Card():
            progress.go_on(turn, lesson, step.next)
        case End():
            turn.move("menu")
        case _:
            assert_never(step)


def _decided(turn: Turn, lesson: Lesson, name: str, step: Choose, choice: str) -> None:
    chosen = step.choices[choice]
    if step.check:
        known = progress.of(turn, lesson.id)
        hit = "right" if chosen.right else "missed"
        progress.change(
            turn,
            lesson.id,
            saw=known.saw or (chosen.right and not step.safe),
            alarms=known.alarms + (step.safe and not chosen.right),
            **{hit: getattr(known, hit) + 1},
        )
    turn.say(lesson.key("steps", name, "choices", choice, "feedback"))
    progress.go_on(turn, lesson, chosen.next)


def _finish(turn: Turn, lesson: Lesson) -> None:
    """Two new scenes right are said to be so; mastered it is when a scene of a later day is right,
    too. Nothing is lost by a miss, and no score is shown to anybody.
    """
    known = progress.of(turn, lesson.id)
    if known.right >= MASTERY_SCENES:
        turn.say("lesson.shown")
    first = practice.first_scene(turn, lesson)
    progress.change(turn, lesson.id, step="", done=known.done + 1, **first)
    turn.move("menu")
