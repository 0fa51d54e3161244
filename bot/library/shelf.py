"""The library in one hand: lessons, help lines and texts, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bot import texts
from bot.errors import ContentWrong
from bot.library import (
    helplines,
    lessons,
    pictures,
    platforms,
    reviews,
    romanised,
    sources,
    staging,
)
from bot.library.platforms import Platform
from bot.messages import LANGUAGES, Language

_Word = Annotated[str, Meta(pattern=r"^\S+$")]
_Words = dict[Language, Annotated[list[_Word], Meta(min_length=120)]]


class Library:
    """What the conversation teaches and says. Nothing in it changes while the bot runs."""

    def __init__(
        self,
        lessons: dict[str, lessons.Lesson],
        helplines: helplines.Helplines,
        texts: texts.Texts,
        *,
        reviewed: frozenset[tuple[str, Language]] = frozenset(),
        return_words: Mapping[Language, tuple[str, ...]] | None = None,
        romanised: Mapping[str, str] | None = None,
        platforms: Mapping[str, Platform] | None = None,
        draws: bool = False,
    ) -> None:
        """Take what was read; `reviewed` names the lessons whose present text a person has read.
        `draws`: staged chats can be drawn here.
        """
        self.draws = draws
        self.lessons = lessons
        self.helplines = helplines
        self.texts = texts
        self._reviewed = reviewed
        self._return_words = return_words or {}
        self._romanised = romanised or {}
        self.platforms = dict(platforms or {})

    def picture(self, name: str) -> bytes | None:
        """The picture of a staged chat, by the name an Outgoing gives it; None where there is none
        of that name, or nothing can be drawn.
        """
        id, *where, language = (*name.split("."), "")[:4]
        lesson = self.lessons.get(id)
        reader = next((x for x in LANGUAGES if x == language), None)
        chat = dict(staging.chats(lesson)).get(tuple(where)) if lesson else None
        if lesson is None or chat is None or reader is None or not self.draws:
            return None
        said = partial(self.texts.get, reader, adult=lesson.band == "parents")
        return staging.picture(staging.staged(lesson, tuple(where), chat, said, reader))

    def menu(self, band: lessons.Band) -> list[lessons.Lesson]:
        """The lessons of a band in their order."""
        return lessons.menu(self.lessons, band)

    def draft(self, lesson_id: str, language: Language) -> bool:
        """Whether the lesson in that language has yet to be read by a person."""
        return (lesson_id, language) not in self._reviewed

    def return_words(self, language: Language) -> tuple[str, ...]:
        """The words that come-back words are drawn from: at least 120, without spaces."""
        return self._return_words[language]

    def romanised(self, key: str, **values: object) -> str | None:
        """A line of care in Tamil with Latin letters, where there is one."""
        line = self._romanised.get(key)
        return line.format_map(values) if line else None


def open_library(root: Path) -> Library:
    """Read lessons/ and the compiled catalogs under root. Raises ContentWrong naming the file."""
    tables = {x: texts.read(texts.mo_path(root / "locales", x), x) for x in LANGUAGES}
    found = lessons.load(root / "lessons")
    read = reviews.load(root)
    reviewed = frozenset(
        (lesson, language)
        for lesson in found
        for language, table in tables.items()
        if reviews.stands(read, lesson, language, table)
    )
    return Library(
        found,
        helplines.load(root / "lessons" / "helplines.yaml"),
        texts.Texts(tables),
        reviewed=reviewed,
        return_words=read_return_words(root),
        romanised=romanised.read(root),
        platforms=platforms.load(root),
        draws=pictures.can_draw(),
    )


def read_return_words(root: Path) -> dict[Language, tuple[str, ...]]:
    """The words of lessons/return_words.yaml. Raises ContentWrong where there are too few."""
    source = sources.read(root, root / "lessons" / "return_words.yaml")
    try:
        words = msgspec.convert(source.data, _Words)
    except msgspec.ValidationError as error:
        raise ContentWrong(f"{source.name}: {error}") from None
    for language in LANGUAGES:
        if len(set(words.get(language, ()))) != len(words.get(language, [""])):
            raise ContentWrong(f"{source.name}: {language} is missing or says a word twice")
    return {language: tuple(found) for language, found in words.items()}
