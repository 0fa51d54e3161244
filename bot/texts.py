"""Every sentence a user reads, by key and language. There is never a fallback to English."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, dates
from babel.messages import mofile

from bot.errors import ContentWrong, NoSuchText
from bot.messages import LANGUAGES, Language

LIFELINE: Final[Mapping[Language, str]] = {
    "ms": (
        "Dalam bahaya sekarang: telefon 999.\n"
        "Bercakap dengan orang, siang atau malam: "
        "15999 (Talian Kasih) atau WhatsApp 019-261 5999."
    ),
    "en": (
        "In danger now: call 999.\n"
        "Talk to a person, day or night: 15999 (Talian Kasih) or WhatsApp 019-261 5999."
    ),
    "zh": (
        "现在有危险：打999。\n"
        "想跟真人说，白天晚上都可以：15999（Talian Kasih），或WhatsApp 019-261 5999。"
    ),
    "ta": (
        "இப்போது ஆபத்தா? 999-க்கு அழையுங்கள்.\n"
        "ஒருவரிடம் பேச, பகலிலும் இரவிலும்: 15999 (Talian Kasih) அல்லது WhatsApp 019-261 5999."
    ),
}
"""The built-in help lines. They need no file or database, and equal the text `help.lifeline`."""

HERE: Final = ZoneInfo("Asia/Kuala_Lumpur")

CHILD: Final = "@child"
ADULT: Final = "@adult"

_CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT: Final[Mapping[Language, str]] = {
    "ms": "EEEE, d MMMM, HH:mm",
    "en": "EEEE, d MMMM, HH:mm",
    "zh": "M月d日 EEEE HH:mm",
    "ta": "EEEE, d MMMM, HH:mm",
}
_DAY: Final[Mapping[Language, str]] = {
    "ms": "d MMMM y",
    "en": "d MMMM y",
    "zh": "y年M月d日",
    "ta": "d MMMM y",
}
_COUNTED: Final = 200
"""Counts up to here have their plural form in a table; above, the rule itself is asked."""


class _Pattern:
    """A text with placeholders; it is never shown unfilled."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class _Plural:
    """The forms of a counted text, in the order of the language's plural categories."""

    __slots__ = ("forms",)

    def __init__(self, forms: tuple[str, ...]) -> None:
        self.forms = forms


_Entry = str | _Pattern | _Plural
_Strings = Mapping[str, tuple[str, ...]]


class Texts:
    """All texts of all languages in memory; built by `load`, or from plain dicts in tests."""

    def __init__(self, tables: Mapping[Language, _Strings]) -> None:
        """Take a table a language: key (with its @child or @adult) to its form or plural forms."""
        self._child: dict[Language, dict[str, _Entry]] = {}
        self._adult: dict[Language, dict[str, _Entry]] = {}
        for language, table in tables.items():
            entries = {key: _entry(key, strings) for key, strings in table.items()}
            self._child[language] = _resolved(entries, first=CHILD, then=ADULT)
            self._adult[language] = _resolved(entries, first=ADULT, then=CHILD)
        self._form = {lang: plural_index(lang) for lang in tables}

    def get(self, language: Language, key: str, *, adult: bool = False, **values: Any) -> str:
        """The text in that language, its placeholders filled; `count` also picks the plural form.

        Raises NoSuchText where the language has no such key or a placeholder has no value. `adult`
        picks between the two entries of a sentence that addresses its reader; others have one.
        """
        table = self._adult if adult else self._child
        try:
            entry = table[language][key]
        except KeyError:
            raise NoSuchText(f"no text {key} in {language}") from None
        if type(entry) is str:
            return entry
        return self._filled(language, key, entry, values)

    def has(self, language: Language, key: str) -> bool:
        """Whether the language has a text of that key (given without @child or @adult)."""
        return key in self._child.get(language, ())

    def keys(self, language: Language = "en") -> frozenset[str]:
        """The keys that have a text in that language, without @child and @adult."""
        return frozenset(k for k in self._child.get(language, ()) if not k.endswith((CHILD, ADULT)))

    def moment(self, language: Language, at: int) -> str:
        """A moment (µs UTC) as people in Malaysia say it: weekday, day, month and time."""
        return dates.format_datetime(local(at), _MOMENT[language], locale=language)

    def day(self, language: Language, day: date) -> str:
        """A day as people in Malaysia say it: day, month and year."""
        return dates.format_date(day, _DAY[language], locale=language)

    def _filled(self, language: Language, key: str, entry: _Entry, values: dict[str, Any]) -> str:
        if isinstance(entry, _Plural):
            count = values.get("count")
            if not isinstance(count, int):
                raise NoSuchText(f"text {key} in {language} needs a count")
            pattern = entry.forms[self._form[language](count)]
        else:
            pattern = entry.text if isinstance(entry, _Pattern) else entry
        try:
            return pattern.format_map(values)
        except (KeyError, ValueError, AttributeError, IndexError):
            raise NoSuchText(f"text {key} in {language} lacks a value") from None


def local(at: int) -> datetime:
    """A moment (µs UTC) as the clock on the wall in Malaysia shows it."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(HERE)


def load(folder: Path) -> Texts:
    """Read `<folder>/<language>/LC_MESSAGES/teman.mo` of all four languages.

    Raises ContentWrong where a file is missing, damaged or empty; the message says what to run.
    """
    return Texts({language: read(mo_path(folder, language), language) for language in LANGUAGES})


def mo_path(folder: Path, language: Language) -> Path:
    """Where the compiled catalog of a language stands."""
    return folder / language / "LC_MESSAGES" / "teman.mo"


def read(path: Path, language: Language) -> dict[str, tuple[str, ...]]:
    """The texts of one compiled catalog: full key to its forms. ContentWrong if it is damaged."""
    try:
        catalog = mofile.read_mo(io.BytesIO(path.read_bytes()))
    except FileNotFoundError:
        raise ContentWrong(f"{path} is missing: run make venv") from None
    except (OSError, ValueError, LookupError, struct.error) as error:
        raise ContentWrong(f"{path} is damaged: run make venv ({type(error).__name__})") from error
    table = {_key(m.context): _strings(m.string) for m in catalog if m.id and m.context}
    if not table:
        raise ContentWrong(f"{path} holds no texts: run make venv")
    known = (1, forms(language))
    wrong = next((key for key, strings in table.items() if len(strings) not in known), None)
    if wrong is not None:
        raise ContentWrong(f"{path}: {wrong} has not the plural forms of {language}")
    return table


def forms(language: Language) -> int:
    """How many plural forms the language has (CLDR, whole numbers)."""
    return len(_categories(language))


def plural_index(language: Language) -> Callable[[int], int]:
    """A function from a count to the place of its plural form, by the language's CLDR rule."""
    rule = Locale.parse(language).plural_form
    places = {category: place for place, category in enumerate(_categories(language))}
    table = tuple(places[rule(count)] for count in range(_COUNTED + 1))

    def index(count: int) -> int:
        return table[count] if 0 <= count <= _COUNTED else places[rule(abs(count))]

    return index


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. ValueError where a brace stands alone or holds more than a name."""
    names = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError("only plain names may stand in braces")
        names.add(name)
    return frozenset(names)


def _categories(language: Language) -> tuple[str, ...]:
    tags = {*Locale.parse(language).plural_form.tags, "other"}
    return tuple(c for c in _CATEGORIES if c in tags)


def _key(context: str | bytes) -> str:
    """Babel leaves the context of a compiled message undecoded."""
    return context.decode("utf-8") if isinstance(context, bytes) else context


def _strings(string: str | Iterable[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


def _entry(key: str, strings: tuple[str, ...]) -> _Entry:
    try:
        names = frozenset().union(*(placeholders(s) for s in strings))
    except ValueError as error:
        raise ContentWrong(f"text {key}: {error}") from None
    if len(strings) > 1:
        return _Plural(strings)
    return _Pattern(strings[0]) if names else strings[0].format()


def _resolved(table: Mapping[str, _Entry], *, first: str, then: str) -> dict[str, _Entry]:
    """The table with, for each key in two variants, the plain key leading to the wanted one."""
    resolved = dict(table)
    for ending in (then, first):
        resolved |= {k.removesuffix(ending): e for k, e in table.items() if k.endswith(ending)}
    return resolved | {k: e for k, e in table.items() if not k.endswith((CHILD, ADULT))}
