"""From a lesson's step to the picture of its chat, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from bot.library import pictures
from bot.library.lesson_steps import Choose, Spot, Talk, Tell, Write
from bot.library.lessons import Lesson
from bot.library.pictures import Bubble, Staged
from bot.messages import Language

Where = tuple[str, ...]
"""Where in a lesson a chat stands: ("steps", "scene1") or ("boosters", "b2")."""


def chats(lesson: Lesson) -> Iterator[tuple[Where, Talk]]:
    """Every staged chat of a lesson."""
    for name, step in lesson.steps.items():
        if isinstance(step, Tell | Choose | Spot | Write) and step.chat:
            yield ("steps", name), step.chat
    for name, scene in lesson.boosters.items():
        if scene.chat:
            yield ("boosters", name), scene.chat


def staged(
    lesson: Lesson, where: Where, chat: Talk, said: Callable[[str], str], language: Language
) -> Staged:
    """What is to be drawn; `said` gives the text of a key in that language."""
    key = partial(lesson.key, *where, "chat")
    bubbles = (
        Bubble(
            line.by,
            said(key("lines", row, "say")),
            line.at,
            said(key("lines", row, "name")) if line.name else "",
        )
        for row, line in chat.lines.items()
    )
    return Staged(language, said(key("who")), tuple(bubbles))


@lru_cache(maxsize=256)
def picture(scene: Staged) -> bytes:
    """The picture of a chat, drawn once."""
    return pictures.draw(scene)


def texts_in_pictures(said: Mapping[Language, Mapping[str, str]]) -> dict[Language, list[str]]:
    """What stands in pictures, by language: the lessons' words and those around them."""
    return {
        language: [t for key, t in table.items() if key.startswith(("lessons.", "lesson."))]
        for language, table in said.items()
    }
