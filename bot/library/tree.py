"""All content as authors and translators left it: what the check and the statistics look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, ParamSpec, TypeVar

import msgspec

from bot.errors import ContentWrong
from bot.library import (
    catalogs,
    entries,
    glossary,
    helplines,
    lessons,
    platforms,
    po,
    reviews,
    romanised,
    shelf,
    sources,
)
from bot.library.entries import Entry
from bot.messages import LANGUAGES, Language

T = TypeVar("T")
P = ParamSpec("P")
COVERAGE: Final = "lessons/coverage.yaml"
Reader = Literal["7-9", "10-12", "13-17", "parents", "child", "adult", "anyone"]
CHILDREN: Final[frozenset[Reader]] = frozenset({"7-9", "10-12", "13-17", "child"})
ADULTS: Final[frozenset[Reader]] = frozenset({"parents", "adult"})


class Problem(msgspec.Struct, frozen=True, order=True):
    """One fault: the rule it breaks, the file, and where known the key and the language."""

    rule: str
    file: str
    key: str
    language: str
    message: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.file, self.language, self.key) if part)
        return f"{self.rule}: {place}: {self.message}"


class Said(msgspec.Struct, frozen=True):
    """One form of one text in one language, with its English and who reads it."""

    entry: Entry
    language: Language
    text: str
    english: str
    reader: Reader

    def problem(self, rule: str, message: str) -> Problem:
        """A problem of this text."""
        return Problem(rule, self.entry.file, self.entry.key, self.language, message)


class Tree(msgspec.Struct, frozen=True):
    """The content of one project folder. `faults` are files that could not be read at all."""

    root: Path
    entries: list[Entry]
    lessons: dict[str, lessons.Lesson]
    files: dict[str, str]
    helplines: helplines.Helplines | None
    catalogs: dict[Language, po.Po]
    glossary: glossary.Glossary | None
    reviews: reviews.Reviews
    complete: bool
    faults: list[Problem]
    tables: dict[Language, dict[str, tuple[str, ...]]] = {}
    romanised: dict[str, str] = {}

    def said(self, *languages: Language) -> Iterator[Said]:
        """Every text that can be shown, in the languages asked for (all where none is named)."""
        for entry in self.entries:
            for language in languages or LANGUAGES:
                forms = self.tables[language].get(entry.key, ())
                for place, text in enumerate(forms):
                    english = entry.english[min(place, len(entry.english) - 1)]
                    yield Said(entry, language, text, english, self.reader(entry.key))

    def reader(self, key: str) -> Reader:
        """Who reads the text of a key."""
        if key.startswith("lessons."):
            return self.lessons[key.split(".")[1]].band
        if key.endswith("@child"):
            return "child"
        return "adult" if key.endswith("@adult") else "anyone"

    def pattern(self, language: Language, key: str) -> str:
        """The text of a key given without @child or @adult, or nothing where there is none."""
        table = self.tables[language]
        return next((table[k][0] for k in (key, f"{key}@child") if k in table), "")

    def text(self, language: Language, key: str) -> str:
        """The text of a key, or nothing where it is missing (which another rule reports)."""
        return self.tables[language].get(key, ("",))[0]


def read(root: Path) -> Tree:
    """Read everything there is; a file that cannot be read becomes a fault, the rest is read on."""
    faults: list[Problem] = []
    words = _attempt(faults, entries.WORDS, _words, root)
    lines = _attempt(faults, entries.HELPLINES, _helplines, root)
    found = [*(words or ()), *(lines or ())]
    read_lessons: dict[str, lessons.Lesson] = {}
    files: dict[str, str] = {}
    for path in catalogs.source_files(root)[2:]:
        name = path.relative_to(root).as_posix()
        if read_one := _attempt(faults, name, _lesson, root, path):
            lesson, texts_of_it = read_one
            read_lessons[lesson.id], files[lesson.id] = lesson, name
            found += texts_of_it
    pos = {x: catalogs.po_path(root, x) for x in catalogs.TRANSLATED}
    read_pos = {
        x: _attempt(faults, path.relative_to(root).as_posix(), po.read, path)
        for x, path in pos.items()
    }
    _attempt(faults, "lessons/return_words.yaml", shelf.read_return_words, root)
    _attempt(faults, "lessons/platforms.yaml", platforms.load, root)
    tree = Tree(
        root=root,
        entries=found,
        lessons=read_lessons,
        files=files,
        helplines=_attempt(faults, entries.HELPLINES, helplines.load, root / entries.HELPLINES),
        catalogs={language: file for language, file in read_pos.items() if file},
        glossary=_attempt(faults, "lessons/glossary.yaml", glossary.load, root),
        reviews=_attempt(faults, "lessons/reviews.yaml", reviews.load, root) or {},
        complete=_attempt(faults, COVERAGE, _complete, root) or False,
        romanised=_attempt(faults, "lessons/romanised.yaml", romanised.read, root) or {},
        faults=list(dict.fromkeys(faults)),
    )
    return msgspec.structs.replace(tree, tables=_tables(tree))


def _attempt(
    faults: list[Problem], file: str, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    try:
        return what(*args, **kwargs)
    except ContentWrong as error:
        faults.append(Problem("content", file, "", "", str(error)))
        return None


def _words(root: Path) -> list[Entry]:
    return list(entries.of_words(sources.read(root, root / entries.WORDS)))


def _helplines(root: Path) -> list[Entry]:
    return list(entries.of_helplines(sources.read(root, root / entries.HELPLINES)))


def _lesson(root: Path, path: Path) -> tuple[lessons.Lesson, list[Entry]]:
    source = sources.read(root, path)
    lesson = lessons.lesson_from(source)
    return lesson, list(entries.of_lesson(lesson, source))


def _complete(root: Path) -> bool:
    """Whether lessons/coverage.yaml says `complete: true`; without the file it is not."""
    if not (root / COVERAGE).exists():
        return False
    data = sources.read(root, root / COVERAGE).data
    if (
        not isinstance(data, dict)
        or set(data) != {"complete"}
        or data["complete"] not in (True, False)
    ):
        raise ContentWrong(f"{COVERAGE}: must say complete: true or complete: false")
    return bool(data["complete"])


def _tables(tree: Tree) -> dict[Language, dict[str, tuple[str, ...]]]:
    """What can be shown: English from the sources, the rest where it fits today's English."""
    english = {entry.key: entry.english for entry in tree.entries}
    tables: dict[Language, dict[str, tuple[str, ...]]] = {x: {} for x in LANGUAGES}
    tables["en"] = english
    for language, file in tree.catalogs.items():
        tables[language] = {
            unit.key: unit.strings
            for unit in file.units
            if not unit.fuzzy and not unit.empty and english.get(unit.key) == unit.english
        }
    return tables
