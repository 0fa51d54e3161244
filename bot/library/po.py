"""PO files: read with Babel, written here.

Babel's reader takes `#|` (the old English of a fuzzy string) for a translator's comment; its writer
breaks those lines at 76 characters and puts the day of writing into the header. We need fuzzy
strings that still say what they translated, and files that change only when a text changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message

from bot.errors import ContentWrong

_BRACES: Final = "python-brace-format"


class Unit(msgspec.Struct, frozen=True):
    """One entry of a PO file. `english` and `strings` have one part, or one a plural form."""

    key: str
    english: tuple[str, ...]
    strings: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    fuzzy: bool = False
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""

    @property
    def empty(self) -> bool:
        """Whether a form has no translation yet."""
        return not self.strings or not all(self.strings)


class Po(msgspec.Struct, frozen=True):
    """A PO file: its comment, its header in order, its units, and those gone from the sources."""

    comment: str
    headers: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]
    obsolete: tuple[Unit, ...] = ()


class KeptCatalog(Catalog):
    """A catalog that keeps the header as it stands in the file."""

    raw: tuple[tuple[str, str], ...] = ()

    def _raw_headers(self) -> list[tuple[str, str]]:
        return list(self.raw)

    def _keep_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        self.raw = tuple((str(name), str(value)) for name, value in headers)
        self._set_mime_headers(self.raw)

    mime_headers = property(_raw_headers, _keep_headers)

    @property
    def comment(self) -> str:
        """The comment above the header."""
        return self._header_comment or ""


def read(path: Path) -> Po:
    """Read a PO file. Raises ContentWrong naming the file; two units of one key are refused."""
    catalog = KeptCatalog()
    parser = pofile.PoFileParser(catalog, abort_invalid=True)
    try:
        text = path.read_text(encoding="utf-8")
        # msgmerge writes `#~|` before obsolete strings; Babel refuses it, and nobody needs it.
        parser.parse([line for line in text.split("\n") if not line.startswith("#~|")])
    except pofile.PoFileError as error:
        raise ContentWrong(f"{path}:{(error.lineno or 0) + 1}: {error}") from None
    except (OSError, ValueError, IndexError, LookupError) as error:
        raise ContentWrong(f"{path} cannot be read as PO: {error}") from error
    units = tuple(_unit(path, m) for m in catalog if m.id)
    keys = Counter(unit.key for unit in units)
    if twice := [key for key, count in keys.items() if count > 1]:
        raise ContentWrong(f"{path}: {twice[0]} stands there twice")
    obsolete = tuple(_unit(path, m) for m in catalog.obsolete.values())
    return Po(catalog.comment, catalog.raw, units, obsolete)


def written(po: Po) -> str:
    """The file's text: one line a line of the text, however long; the same for the same content."""
    header = "".join(f"{name}: {value}\n" for name, value in po.headers)
    blocks = [[*po.comment.splitlines(), *_field("msgid", ""), *_field("msgstr", header)]]
    blocks += [list(_lines(unit)) for unit in po.units]
    blocks += [[f"#~ {line}" for line in _message(unit)] for unit in po.obsolete]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _lines(unit: Unit) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in unit.comments)
    yield from (f"#. {line}" for line in unit.notes)
    if unit.file:
        yield f"#: {unit.file}"
    braces = _BRACES if any("{" in text for text in unit.english) else None
    if flags := [flag for flag in ("fuzzy" if unit.fuzzy else None, braces) if flag]:
        yield f"#, {', '.join(flags)}"
    for name, text in zip(("msgid", "msgid_plural"), unit.previous, strict=False):
        yield from (f"#| {line}" for line in _field(name, text))
    yield from _message(unit)


def _message(unit: Unit) -> Iterator[str]:
    yield from _field("msgctxt", unit.key)
    for name, text in zip(("msgid", "msgid_plural"), unit.english, strict=False):
        yield from _field(name, text)
    if len(unit.english) == 1:
        yield from _field("msgstr", unit.strings[0] if unit.strings else "")
    else:
        for number, text in enumerate(unit.strings):
            yield from _field(f"msgstr[{number}]", text)


def _field(name: str, text: str) -> list[str]:
    parts = [part for part in re.split(r"(?<=\n)", text) if part]
    if len(parts) < 2:
        return [f"{name} {pofile.escape(text)}"]
    return [f'{name} ""', *(pofile.escape(part) for part in parts)]


def _unit(path: Path, message: Message) -> Unit:
    if not message.context:
        raise ContentWrong(f"{path}: a string has no msgctxt: {message.id!r}")
    return Unit(
        key=message.context,
        english=_tuple(message.id),
        strings=_tuple(message.string or ""),
        previous=_previous(message.user_comments),
        fuzzy=message.fuzzy,
        comments=tuple(c for c in message.user_comments if not c.startswith("|")),
        notes=tuple(message.auto_comments),
        file=message.locations[0][0] if message.locations else "",
    )


def _previous(comments: Iterable[str]) -> tuple[str, ...]:
    """The old English from lines like `| msgid "..."`, which the reader took for comments."""
    parts: list[str] = []
    for comment in comments:
        name, _, rest = comment.removeprefix("|").strip().partition('"')
        if not comment.startswith("|") or name.strip() == "msgctxt":
            continue
        text = pofile.unescape(f'"{rest}')
        if name or not parts:
            parts.append(text)
        else:
            parts[-1] += text
    return tuple(parts)


def _tuple(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
