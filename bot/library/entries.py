"""The English sources as one list: every sentence a user may read, by key, in a stable order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.errors import ContentWrong
from bot.library import helplines, lessons, sources

WORDS: Final = "locales/words.yaml"
HELPLINES: Final = "lessons/helplines.yaml"
BUTTON: Final = 20
"""Characters of a button that every platform shows in full."""

_SEGMENT: Final = re.compile(r"[a-z0-9_]{1,32}\Z")
_VARIANTS: Final = {
    "@child": "to a child: ms kamu, zh 你, ta நீ or நீங்கள் (care: always நீங்கள்)",
    "@adult": "to an adult: ms anda, zh 您, ta நீங்கள்",
}


class Entry(msgspec.Struct, frozen=True):
    """One sentence in English: its full key, its form (or two: one, other), where it stands."""

    key: str
    english: tuple[str, ...]
    file: str
    line: int
    notes: tuple[str, ...] = ()

    @property
    def button(self) -> bool:
        """Whether it is read on a button."""
        last = self.key.rpartition(".")[2]
        return self.key.startswith("button.") or (
            self.key.startswith("lessons.") and last in ("label", "skip", "enough", "more")
        )


def all_of(root: Path) -> list[Entry]:
    """Every entry: the bot's own words, the help lines, then the lessons A1 ... P12."""
    found = list(of_words(sources.read(root, root / WORDS)))
    found += of_helplines(sources.read(root, root / HELPLINES))
    files = {source.name: source for source in lessons.files(root / "lessons")}
    read = [(lessons.lesson_from(source), source) for source in files.values()]
    for lesson, source in sorted(read, key=lambda pair: lessons.sort_key(pair[0].id)):
        found += of_lesson(lesson, source)
    return found


def of_source(source: sources.Source) -> Iterator[Entry]:
    """The entries of any one file, told by its name."""
    if source.name == WORDS:
        return of_words(source)
    if source.name == HELPLINES:
        return of_helplines(source)
    return of_lesson(lessons.lesson_from(source), source)


def of_words(source: sources.Source) -> Iterator[Entry]:
    """The bot's own words: nested maps of strings, {you: ...} and {one: ..., other: ...}."""
    if not isinstance(source.data, dict):
        raise ContentWrong(f"{source.name}: must be a map")
    for first in ("lessons", "helplines"):
        if first in source.data:
            raise ContentWrong(f"{source.name}: the key {first} belongs to the folder lessons/")
    yield from _words(source, source.data, ())


def of_helplines(source: sources.Source) -> Iterator[Entry]:
    """Name and purpose of every help line."""
    for line in helplines.from_source(source).lines.values():
        for field, text in (("name", line.name), ("what", line.what)):
            where = ("lines", line.id, field)
            yield _entry(f"helplines.{line.id}.{field}", (text,), source, where)


def of_lesson(lesson: lessons.Lesson, source: sources.Source) -> Iterator[Entry]:
    """Every translatable field of a lesson."""
    for where, text in lesson.texts():
        yield _entry(lesson.key(*where), (text,), source, where, f"for {lesson.band}")


def _words(source: sources.Source, data: dict[str, Any], where: tuple[str, ...]) -> Iterator[Entry]:
    for key, value in data.items():
        here = (*where, key)
        if not _SEGMENT.match(key):
            raise ContentWrong(f"{source.name}:{source.line(here)}: {key!r} is no key")
        if isinstance(value, dict) and set(value) == {"you"}:
            for variant, note in _VARIANTS.items():
                yield _entry(
                    ".".join(here) + variant, _forms(source, here, value["you"]), source, here, note
                )
        elif isinstance(value, dict) and set(value) != {"one", "other"}:
            yield from _words(source, value, here)
        else:
            yield _entry(".".join(here), _forms(source, here, value), source, here)


def _forms(source: sources.Source, where: tuple[str, ...], value: Any) -> tuple[str, ...]:
    found = (
        (value["one"], value["other"])
        if isinstance(value, dict) and set(value) == {"one", "other"}
        else (value,)
    )
    if not all(isinstance(text, str) and text for text in found):
        raise ContentWrong(f"{source.name}:{source.line(where)}: {'.'.join(where)} must be text")
    return found


def _entry(
    key: str,
    english: tuple[str, ...],
    source: sources.Source,
    where: tuple[str, ...],
    note: str | None = None,
) -> Entry:
    entry = Entry(key, english, source.name, source.line(where))
    notes = [f"button: at most {BUTTON} characters"] if entry.button else []
    return msgspec.structs.replace(entry, notes=(*notes, *([note] if note else [])))
