"""One profile in one lesson: how far it is, and what its steps share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import msgspec

from bot.conversation.state import LessonProgress, Option
from bot.conversation.turn import Turn
from bot.library.lesson_steps import Talk
from bot.library.lessons import Lesson


def of(turn: Turn, lesson_id: str) -> LessonProgress:
    """How far whoever is here has come in a lesson."""
    profile = turn.profile
    rows = profile.lessons if profile else {}
    return rows.get(lesson_id, LessonProgress())


def save(turn: Turn, lesson_id: str, progress: LessonProgress) -> None:
    """Keep it, with the time."""
    profile = turn.profile
    if profile is not None:
        kept = msgspec.structs.replace(progress, at=turn.now)
        turn.change_profile(lessons={**profile.lessons, lesson_id: kept})


def change(turn: Turn, lesson_id: str, **fields: object) -> LessonProgress:
    """Keep it with some fields changed."""
    changed: LessonProgress = msgspec.structs.replace(of(turn, lesson_id), **fields)
    save(turn, lesson_id, changed)
    return changed


def labels(
    turn: Turn, lesson: Lesson, where: tuple[str, ...], part: str, names: Iterable[str]
) -> list[Option]:
    """The labels of some choices, items, bins or marks of a step or scene."""
    return [Option(n, turn.text(lesson.key(*where, part, n, "label"))) for n in names]


def written(turn: Turn, lesson: Lesson, where: tuple[str, ...], chat: Talk) -> str:
    """A staged chat in words: the name at the top, then who says what."""
    key = partial(lesson.key, *where, "chat")
    who = turn.text(key("who"))
    names = {"me": turn.text("lesson.chat_me"), "them": who}
    lines = [f"[ {who} ]"]
    for row, line in chat.lines.items():
        said_by = turn.text(key("lines", row, "name")) if line.name else names[line.by]
        lines.append(f"{said_by}: {turn.text(key('lines', row, 'say'))}")
    return "\n".join(lines)


def show_chat(turn: Turn, lesson: Lesson, where: tuple[str, ...], chat: Talk) -> None:
    """A staged chat as a picture, or in words."""
    turn.picture(".".join((lesson.id, *where, turn.language)), written(turn, lesson, where, chat))


def ask(turn: Turn, step: str, options: list[Option], *, free: bool = False) -> None:
    """Help is one tap away at every step (the first promise)."""
    turn.ask("lesson", step, [*options, turn.option("help")], free=free)


def go_on(turn: Turn, lesson: Lesson, step: str) -> None:
    """To a further step."""
    progress = of(turn, lesson.id)
    change(turn, lesson.id, step=step, taps=progress.taps + 1, placed=())
    turn.move("lesson", step, lesson.id)
