"""Lessons as data: the shape of lessons/<ID>.yaml, read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

import msgspec
from msgspec import Meta

from bot.errors import ContentWrong
from bot.library import lesson_steps, sources
from bot.library.lesson_steps import (
    Choice,
    Choose,
    End,
    Id,
    Item,
    Line,
    Mark,
    Order,
    Scene,
    Sort,
    Sorted,
    Step,
    Talk,
    Text,
    leads_to,
)

Band = Literal["7-9", "10-12", "13-17", "parents"]
BANDS: Final[tuple[Band, ...]] = get_args(Band)

LessonId = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{1,2}$")]

OTHER_FILES: Final = frozenset(
    {"helplines", "reviews", "glossary", "coverage", "return_words", "romanised", "platforms"}
)
"""Names (without .yaml) of the files in lessons/ that are no lessons."""


RESERVED: Final = frozenset({"help"})
"""Choices every step has beside its own."""


class Lesson(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True):
    """One lesson. Its texts are the English sources; a user reads Texts, by `key`."""

    # Equal only to itself: what follows from a lesson can then be remembered for it (steps_left).

    id: LessonId
    band: Band
    title: Text
    goal: Text
    skills: Annotated[list[str], Meta(min_length=1)]
    risks: list[str]
    minutes: Annotated[int, Meta(ge=1, le=15)]
    start: Id
    steps: Annotated[dict[Id, Step], Meta(min_length=1)]
    boosters: dict[Id, Scene] = {}

    prefix: ClassVar[str] = "lessons"

    def key(self, *where: str) -> str:
        """The text key of a field: `lesson.key("steps", "scene1", "say")`."""
        return ".".join((self.prefix, self.id, *where))

    def texts(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every translatable field with the way to it, in the order of the file."""
        yield ("title",), self.title
        yield ("goal",), self.goal
        for name, step in self.steps.items():
            for where, text in lesson_steps.texts(step):
                yield ("steps", name, *where), text
        for name, scene in self.boosters.items():
            for where, text in lesson_steps.texts(scene):
                yield ("boosters", name, *where), text


@lru_cache(maxsize=4096)
def steps_left(lesson: Lesson, name: str) -> int:
    """How many steps the shortest way to the end has from this one on, itself counted, the last
    bubble not.
    """
    reached, left = {name}, 0
    while not any(isinstance(lesson.steps[at], End) for at in reached):
        reached = {goal for at in reached for goal in leads_to(lesson.steps[at])}
        left += 1
        if left > len(lesson.steps):
            raise ValueError(f"lesson {lesson.id} has no way from {name} to its end")
    return left


def load(folder: Path) -> dict[str, Lesson]:
    """All lessons under lessons/, in the order A1 ... P12. Raises ContentWrong: file and place."""
    found: dict[str, Lesson] = {}
    for source in files(folder):
        lesson = lesson_from(source)
        if lesson.id in found:
            raise ContentWrong(f"{source.name}: a lesson {lesson.id} stands in another folder, too")
        found[lesson.id] = lesson
    return {key: found[key] for key in sorted(found, key=sort_key)}


def files(folder: Path) -> Iterator[sources.Source]:
    """The lesson files under lessons/, read as YAML."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent != folder or path.stem not in OTHER_FILES:
            yield sources.read(folder.parent, path)


def lesson_from(source: sources.Source) -> Lesson:
    """One lesson from its file; every step named in it exists, so it can be played."""
    try:
        lesson = msgspec.convert(source.data, Lesson)
    except msgspec.ValidationError as error:
        where, reason = _place(source.data, error)
        raise ContentWrong(_at(source, where, reason)) from None
    if source.name.rpartition("/")[2] != f"{lesson.id}.yaml":
        raise ContentWrong(_at(source, ("id",), "the file must be named after the id"))
    for where, reason in _loose_ends(lesson):
        raise ContentWrong(_at(source, where, reason))
    return lesson


def menu(lessons: Mapping[str, Lesson], band: Band) -> list[Lesson]:
    """The lessons of a band in their order."""
    return [lesson for lesson in lessons.values() if lesson.band == band]


def sort_key(lesson_id: str) -> tuple[str, int]:
    """Sorts A2 before A10."""
    number = lesson_id[1:]
    return lesson_id[:1], int(number) if number.isdecimal() else 0


def _loose_ends(lesson: Lesson) -> Iterator[tuple[tuple[str, ...], str]]:
    if lesson.start not in lesson.steps:
        yield ("start",), f"there is no step {lesson.start}"
    for name, scene in lesson.boosters.items():
        if RESERVED & set(scene.choices):
            yield ("boosters", name, "choices"), "help is the name of the help button"
    for name, step in lesson.steps.items():
        if isinstance(step, Choose) and RESERVED & set(step.choices):
            yield ("steps", name, "choices"), "help is the name of the help button"
        for goal in leads_to(step):
            if goal not in lesson.steps:
                yield ("steps", name), f"there is no step {goal}"
        if isinstance(step, Order) and sorted(step.order) != sorted(step.items):
            yield ("steps", name, "order"), "must name each item once"
        if isinstance(step, Sort):
            for item, thing in step.items.items():
                if thing.bin not in step.bins:
                    yield ("steps", name, "items", item, "bin"), f"there is no bin {thing.bin}"


def _at(source: sources.Source, where: tuple[str, ...], reason: str) -> str:
    return f"{source.name}:{source.line(where)}: {'.'.join(where) or 'the file'}: {reason}"


_INNER: Final[Mapping[str, Any]] = {
    "steps": Step,
    "boosters": Scene,
    "choices": Choice,
    "bins": Item,
    "marks": Mark,
}


def _place(data: Any, error: msgspec.ValidationError) -> tuple[tuple[str, ...], str]:
    """Where a file is wrong: msgspec says `[...]` for a key, so the parts are tried one by one."""
    for where, part, value, kind in _parts(data) if isinstance(data, dict) else ():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as inner:
            further, reason = _place(part, inner)
            return (*where, *further), reason
    reason, _, path = str(error).partition(" - at ")
    return tuple(re.findall(r"\.(\w+)", path.removeprefix("`$[...]").partition("[")[0])), reason


def _parts(data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any, Any, Any]]:
    """The parts of a mapping: the way there, the part, and what must convert to which kind."""
    mapping: Any = dict
    for field, parts in data.items():
        if field == "chat":
            yield (field,), parts, parts, Talk
        elif isinstance(parts, dict):
            for name, part in parts.items():
                kind = _INNER.get(field) or _of(field, part)
                if kind:
                    yield (field, str(name)), part, {name: part}, mapping[Id, kind]


def _of(field: str, part: Any) -> Any:
    """Items are of two kinds, and so are lines: of a card and of a chat."""
    if field == "items":
        return Sorted if isinstance(part, dict) and {"say", "bin"} & set(part) else Item
    if field == "lines":
        return Line if isinstance(part, dict) else Text
    return None
