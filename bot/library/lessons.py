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
from bot.library import sources
from bot.messages import Language

Band = Literal["7-9", "10-12", "13-17", "parents"]
BANDS: Final[tuple[Band, ...]] = get_args(Band)

Id = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,16}$")]
LessonId = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{1,2}$")]
Text = Annotated[str, Meta(min_length=1)]

OTHER_FILES: Final = frozenset(
    {"helplines", "reviews", "glossary", "coverage", "return_words", "romanised", "platforms"}
)
"""Names (without .yaml) of the files in lessons/ that are no lessons."""


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of a scene: what the button says, one line on why, and where it leads."""

    label: Text
    feedback: Text
    next: Id
    right: bool = False


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to put in order."""

    label: Text


class Tell(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tell"):
    """A bubble to read, then [Next]."""

    say: Text
    next: Id


class Choose(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="choose"
):
    """A scene with choices. `check`: it counts for mastery. `safe`: nothing is wrong in it."""

    say: Text
    choices: Annotated[dict[Id, Choice], Meta(min_length=1)]
    check: bool = False
    safe: bool = False


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="order"):
    """Steps to put in order. `missed` answers a wrong pick, `feedback` the finished order."""

    say: Text
    items: Annotated[dict[Id, Item], Meta(min_length=2)]
    order: list[Id]
    feedback: Text
    missed: Text
    next: Id


class Write(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="write"):
    """The learner's own words, never graded wrong. `cues`: words that show a skill, by language."""

    say: Text
    feedback: Text
    skip: Text
    next: Id
    cues: dict[Id, dict[Language, list[Text]]] = {}


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="card"):
    """The skill card: a few short lines to keep."""

    say: Text
    lines: Annotated[dict[Id, Text], Meta(min_length=1)]
    next: Id


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="end"):
    """The last bubble; the lesson is finished."""

    say: Text


Step = Tell | Choose | Order | Write | Card | End


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

    prefix: ClassVar[str] = "lessons"

    def key(self, *where: str) -> str:
        """The text key of a field: `lesson.key("steps", "scene1", "say")`."""
        return ".".join((self.prefix, self.id, *where))

    def texts(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every translatable field with the way to it, in the order of the file."""
        yield ("title",), self.title
        yield ("goal",), self.goal
        for name, step in self.steps.items():
            for where, text in _step_texts(step):
                yield ("steps", name, *where), text


def leads_to(step: Step) -> tuple[str, ...]:
    """The steps that may come next."""
    match step:
        case Choose(choices=choices):
            return tuple(choice.next for choice in choices.values())
        case End():
            return ()
        case _:
            return (step.next,)


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


def _step_texts(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("say",), step.say
    match step:
        case Choose(choices=choices):
            for name, choice in choices.items():
                yield ("choices", name, "label"), choice.label
                yield ("choices", name, "feedback"), choice.feedback
        case Order(items=items, feedback=feedback, missed=missed):
            yield from ((("items", name, "label"), item.label) for name, item in items.items())
            yield ("feedback",), feedback
            yield ("missed",), missed
        case Write(feedback=feedback, skip=skip):
            yield ("feedback",), feedback
            yield ("skip",), skip
        case Card(lines=lines):
            yield from ((("lines", name), line) for name, line in lines.items())


def _loose_ends(lesson: Lesson) -> Iterator[tuple[tuple[str, ...], str]]:
    if lesson.start not in lesson.steps:
        yield ("start",), f"there is no step {lesson.start}"
    for name, step in lesson.steps.items():
        for goal in leads_to(step):
            if goal not in lesson.steps:
                yield ("steps", name), f"there is no step {goal}"
        if isinstance(step, Order) and sorted(step.order) != sorted(step.items):
            yield ("steps", name, "order"), "must name each item once"


def _at(source: sources.Source, where: tuple[str, ...], reason: str) -> str:
    return f"{source.name}:{source.line(where)}: {'.'.join(where) or 'the file'}: {reason}"


_INNER: Final[Mapping[str, Any]] = {
    "steps": dict[Id, Step],
    "choices": dict[Id, Choice],
    "items": dict[Id, Item],
}


def _place(data: Any, error: msgspec.ValidationError) -> tuple[tuple[str, ...], str]:
    """Where a file is wrong: msgspec says `[...]` for a key, so the parts are tried one by one."""
    for field, kind in _INNER.items():
        parts = data.get(field) if isinstance(data, dict) else None
        for name, part in parts.items() if isinstance(parts, dict) else ():
            try:
                msgspec.convert({name: part}, kind)
            except msgspec.ValidationError as inner:
                where, reason = _place(part, inner)
                return (field, str(name), *where), reason
    reason, _, path = str(error).partition(" - at ")
    return tuple(re.findall(r"\.(\w+)", path.removeprefix("`$[...]").partition("[")[0])), reason
