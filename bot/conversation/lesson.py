"""The lesson player: one step after the other, with pause, resume, stale taps, typed answers and
own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import msgspec

from bot.conversation.state import LessonProgress, Option
from bot.conversation.turn import Turn
from bot.library import lessons
from bot.library.lessons import Card, Choose, End, Lesson, Order, Tell, Write
from bot.messages import Words

MASTERY_SCENES = 2
"""New scenes to get right in a lesson's check; a later booster asks one more (curriculum, 4)."""


def offered(turn: Turn) -> list[Lesson]:
    """The lessons for whoever is here: those of the band; for an adult all of them."""
    profile = turn.profile
    if profile is None:
        return []
    if _needs_adult(turn):
        return []
    every = profile.role != "child"
    found = (x for x in turn.library.lessons.values() if every or x.band == profile.band)
    return [x for x in found if not (turn.house.reviewed_only and _draft(turn, x.id))]


def _draft(turn: Turn, lesson_id: str) -> bool:
    return turn.library.draft(lesson_id, turn.language)


def _needs_adult(turn: Turn) -> bool:
    """Under 13, alone, on a messaging app: the class page instead (care.md, 15). The web page is
    that page.
    """
    profile = turn.profile
    alone = profile is not None and profile.with_adult == "no"
    return alone and turn.house.channel in ("telegram", "whatsapp")


def paused(turn: Turn) -> str | None:
    """The lesson that stands open, latest first."""
    profile = turn.profile
    rows = profile.lessons.items() if profile else ()
    open_now = [(p.at, name) for name, p in rows if p.step and name in turn.library.lessons]
    return max(open_now)[1] if open_now else None


def begin(turn: Turn, lesson_id: str) -> None:
    """Play a lesson; one that stands open goes on where it was."""
    lesson = turn.library.lessons[lesson_id]
    progress = _progress(turn, lesson_id)
    if progress.step in lesson.steps:
        turn.say("lesson.welcome_back")
    else:
        fresh = LessonProgress(lesson.start, done=progress.done, mastered=progress.mastered)
        _save(turn, lesson_id, fresh)
    turn.move("lesson", _progress(turn, lesson_id).step, lesson_id)


def resume(turn: Turn) -> None:
    """Go on with the lesson that stands open."""
    name = paused(turn)
    if name is None:
        turn.move("menu")
    else:
        begin(turn, name)


def _progress(turn: Turn, lesson_id: str) -> LessonProgress:
    profile = turn.profile
    rows = profile.lessons if profile else {}
    return rows.get(lesson_id, LessonProgress())


def _save(turn: Turn, lesson_id: str, progress: LessonProgress) -> None:
    profile = turn.profile
    if profile is not None:
        kept = msgspec.structs.replace(progress, at=turn.now)
        turn.change_profile(lessons={**profile.lessons, lesson_id: kept})


def _change(turn: Turn, lesson_id: str, **fields: object) -> LessonProgress:
    changed: LessonProgress = msgspec.structs.replace(_progress(turn, lesson_id), **fields)
    _save(turn, lesson_id, changed)
    return changed


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
            _ask(turn, name, [turn.option("next")])
        case Choose():
            _ask(turn, name, _labels(turn, lesson, name, "choices", step.choices))
        case Order():
            _show_order(turn, lesson, name, step)
        case Write():
            skip = Option("skip", turn.text(lesson.key("steps", name, "skip")))
            _ask(turn, name, [skip], free=True)
        case Card():
            lines = (turn.text(lesson.key("steps", name, "lines", line)) for line in step.lines)
            turn.plain("\n".join(lines))
            _ask(turn, name, [turn.option("next")])
        case End():
            _finish(turn, lesson)
        case _:
            assert_never(step)


def _say_step(turn: Turn, lesson: Lesson, name: str) -> None:
    """The step's own words, under how far one is. A detour makes the way longer, never a loss."""
    text = turn.text(lesson.key("steps", name, "say"))
    left = lessons.steps_left(lesson, name)
    taken = _progress(turn, lesson.id).taps
    turn.plain(f"{taken + 1}/{taken + left}\n{text}" if left else text)


def _labels(turn: Turn, lesson: Lesson, step: str, part: str, names: Iterable[str]) -> list[Option]:
    return [Option(n, turn.text(lesson.key("steps", step, part, n, "label"))) for n in names]


def _ask(turn: Turn, step: str, options: list[Option], *, free: bool = False) -> None:
    """Help is one tap away at every step (the first promise)."""
    turn.ask("lesson", step, [*options, turn.option("help")], free=free)


def _show_order(turn: Turn, lesson: Lesson, name: str, step: Order) -> None:
    placed = _progress(turn, lesson.id).placed
    turn.say("lesson.order_next" if placed else "lesson.order_first")
    left = [item for item in step.items if item not in placed]
    _ask(turn, name, _labels(turn, lesson, name, "items", left))


def sentences(turn: Turn, lesson_id: str) -> list[str]:
    """What the steps of a lesson say, as whoever is here reads it."""
    lesson = turn.library.lessons.get(lesson_id)
    if lesson is None:
        return []
    ways = [where for where, _ in lesson.texts() if where[0] == "steps"]
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
        _next(turn, lesson, step.next)
    elif choice is None:
        if text:
            turn.say("common.not_understood")
        turn.again()
    elif choice == "help":
        turn.help_wanted = True
    else:
        _chose(turn, lesson, name, step, choice)


def _chose(turn: Turn, lesson: Lesson, name: str, step: lessons.Step, choice: str) -> None:
    match step:
        case Choose():
            _decided(turn, lesson, name, step, choice)
        case Order():
            _placed(turn, lesson, name, step, choice)
        case Tell() | Write() | Card():
            _next(turn, lesson, step.next)
        case End():
            turn.move("menu")
        case _:
            assert_never(step)


def _decided(turn: Turn, lesson: Lesson, name: str, step: Choose, choice: str) -> None:
    chosen = step.choices[choice]
    if step.check:
        progress = _progress(turn, lesson.id)
        hit = "right" if chosen.right else "missed"
        _change(turn, lesson.id, **{hit: getattr(progress, hit) + 1})
    turn.say(lesson.key("steps", name, "choices", choice, "feedback"))
    _next(turn, lesson, chosen.next)


def _placed(turn: Turn, lesson: Lesson, name: str, step: Order, choice: str) -> None:
    """One item of an order. The last one needs no asking."""
    placed = _progress(turn, lesson.id).placed
    if choice != step.order[len(placed)]:
        turn.say(lesson.key("steps", name, "missed"))
        turn.again()
        return
    placed = (*placed, choice)
    if len(placed) >= len(step.order) - 1:
        turn.say(lesson.key("steps", name, "feedback"))
        _next(turn, lesson, step.next)
    else:
        _change(turn, lesson.id, placed=placed)
        _show_order(turn, lesson, name, step)


def _next(turn: Turn, lesson: Lesson, step: str) -> None:
    progress = _progress(turn, lesson.id)
    _change(turn, lesson.id, step=step, taps=progress.taps + 1, placed=())
    turn.move("lesson", step, lesson.id)


def _finish(turn: Turn, lesson: Lesson) -> None:
    """Mastery is two new scenes right; nothing is lost by a miss, and no score is shown to
    anybody.
    """
    progress = _progress(turn, lesson.id)
    mastered = progress.right >= MASTERY_SCENES
    if mastered:
        turn.say("lesson.mastered")
    _change(
        turn, lesson.id, step="", done=progress.done + 1, mastered=mastered or progress.mastered
    )
    turn.move("menu")
