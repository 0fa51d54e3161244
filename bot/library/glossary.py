"""The agreed words and the words never said: lessons/glossary.yaml as patterns."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Literal

import msgspec

from bot.errors import ContentWrong
from bot.library import sources
from bot.messages import LANGUAGES, Language

Scope = Literal["all", "children", "parents"]


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One term: its English forms, the preferred ones (* for a few letters), what to avoid."""

    en: list[str]
    ms: list[str]
    zh: list[str]
    ta: list[str]
    enforce: bool = False
    scope: Scope = "all"
    avoid: dict[Language, list[str]] = {}

    def in_english(self, text: str) -> bool:
        """Whether the English text uses the term."""
        return bool(_whole(tuple(self.en)).search(text))

    def kept(self, text: str, language: Language) -> bool:
        """Whether a translation holds one of the preferred forms."""
        return any(_wide(form).search(text) for form in getattr(self, language))

    def avoided(self, text: str, language: Language) -> str | None:
        """The first word in the text that is to be avoided."""
        found = (form for form in self.avoid.get(language, ()) if _start(form).search(text))
        return next(found, None)


class Never(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something never said; the patterns of each language, and why."""

    why: str
    en: list[str]
    ms: list[str]
    zh: list[str]
    ta: list[str]
    near: str | None = None
    scope: Scope = "all"
    spare: bool = False

    def found(self, text: str, language: Language) -> str | None:
        """What the text says that it must not."""
        matches = (re.search(p, text, re.IGNORECASE) for p in getattr(self, language))
        return next((m[0] for m in matches if m), None)


class Glossary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    terms: dict[str, Term]
    never: list[Never]


def load(root: Path) -> Glossary:
    """Read lessons/glossary.yaml. Raises ContentWrong; an empty one is refused."""
    source = sources.read(root, root / "lessons" / "glossary.yaml")
    try:
        glossary = msgspec.convert(source.data, Glossary)
        for never in glossary.never:
            for language in LANGUAGES:
                for pattern in getattr(never, language):
                    re.compile(pattern)
    except (msgspec.ValidationError, re.error) as error:
        raise ContentWrong(f"{source.name}: {error}") from None
    if not glossary.terms or not glossary.never:
        raise ContentWrong(f"{source.name}: holds no terms, or nothing that is never said")
    return glossary


@functools.cache
def _whole(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the forms as a word. Short forms in capitals (AI, OTP) are meant in capitals."""
    flags = re.NOFLAG if all(form.isupper() for form in forms) else re.IGNORECASE
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b", flags)


@functools.cache
def _wide(form: str) -> re.Pattern[str]:
    return re.compile(re.escape(form).replace(r"\*", ".{0,16}?"), re.IGNORECASE)


@functools.cache
def _start(form: str) -> re.Pattern[str]:
    """The form at the start of a word where the script has words; endings may follow."""
    edge = r"\b" if form.isascii() else ""
    return re.compile(edge + re.escape(form), re.IGNORECASE)
