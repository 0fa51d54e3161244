"""From English sources to catalogs: extract, update, compile.

locales/teman.pot            every English sentence under its key (msgctxt)
locales/{ms,zh,ta}/...po     the translations; edited in Poedit, Weblate or by hand
locales/*/...mo              compiled from them, English straight from its sources; never committed
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from babel.messages import extract as babel_extract
from babel.messages import mofile

from bot import texts
from bot.library import entries, lessons, po, schema, sources
from bot.messages import LANGUAGES, Language

TRANSLATED: Final[tuple[Language, ...]] = ("ms", "zh", "ta")
TEMPLATE: Final = "locales/teman.pot"
NAMES: Final[Mapping[Language, str]] = {
    "ms": "Malay",
    "en": "English",
    "zh": "Chinese",
    "ta": "Tamil",
}
PLURALS: Final[Mapping[Language, str]] = {
    "ms": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
    "zh": "nplurals=1; plural=0;",
    "ta": "nplurals=2; plural=(n != 1);",
}
_KEYWORDS: Final[dict[str, Any]] = {"text": ((1, "c"), 2), "counted": ((1, "c"), 2, 3)}
_SOURCES: Final = "X-Teman-Sources"
_STAMP: Final = re.compile(rb"^X-Teman-Sources: ([0-9a-f]{64})", re.MULTILINE)

EXTRACTOR: Final = "bot.library.catalogs:extractor"
"""The name by which Babel finds our extraction method."""


def extractor(
    file: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, str, tuple[str, ...], list[str]]]:
    """Babel's extraction method for our YAML: give it `name`, the file's path from the root.

    Yields (line, `text` or `counted`, (key, English ...), notes to the translator).
    """
    source = sources.parse(file.read().decode("utf-8"), str(options["name"]))
    for entry in entries.of_source(source):
        kind = "text" if len(entry.english) == 1 else "counted"
        yield entry.line, kind, (entry.key, *entry.english), list(entry.notes)


def template(root: Path) -> po.Po:
    """The template from the sources as they are now."""
    units = [unit for path in source_files(root) for unit in _extracted(root, path)]
    return po.Po("# Teman: the English texts. CC BY 4.0.", _headers(None), tuple(units))


def extract(root: Path) -> Path:
    """Write locales/teman.pot, and the schema of lessons for editors."""
    schema.write(root)
    path = root / TEMPLATE
    _write(path, po.written(template(root)).encode())
    return path


def update(root: Path) -> list[Path]:
    """Write the template and bring each translation to it.

    A translation stays with its key. Where the key's English changed, it is kept as fuzzy with the
    old English (`previous`); a key no longer in the sources becomes obsolete; a new one is empty.
    """
    extract(root)
    new = template(root)
    written = []
    for language in TRANSLATED:
        path = po_path(root, language)
        old = po.read(path) if path.exists() else po.Po("", (), ())
        _write(path, po.written(updated(old, new, language)).encode())
        written.append(path)
    return written


def updated(old: po.Po, new: po.Po, language: Language) -> po.Po:
    """One translation brought to a template."""
    known = {unit.key: unit for unit in (*old.obsolete, *old.units)}
    units = tuple(_merged(known.get(unit.key), unit, texts.forms(language)) for unit in new.units)
    keys = {unit.key for unit in units}
    gone = [_settled(u) for u in known.values() if u.key not in keys and any(u.strings)]
    comment = old.comment or f"# Teman: {NAMES[language]} texts. CC BY 4.0."
    return po.Po(comment, _headers(language, dict(old.headers)), units, tuple(gone))


def compile(root: Path) -> list[Path]:
    """Write teman.mo of all languages, English from its sources. Fuzzy strings are left out."""
    written = []
    for language in LANGUAGES:
        path = texts.mo_path(root / "locales", language)
        _write(path, _compiled(root, language))
        written.append(path)
    return written


def stale(root: Path) -> list[str]:
    """Why the compiled catalogs do not fit their sources; empty where they do."""
    reasons = []
    for language in LANGUAGES:
        path = texts.mo_path(root / "locales", language)
        name = path.relative_to(root).as_posix()
        if not path.exists():
            reasons.append(f"{name} is missing")
        elif _stamp_of(path) != _stamp(root, language):
            reasons.append(f"{name} is older than its sources")
    return reasons


def po_path(root: Path, language: Language) -> Path:
    """Where the translation of a language stands."""
    return root / "locales" / language / "LC_MESSAGES" / "teman.po"


def source_files(root: Path) -> list[Path]:
    """The files with English texts: the bot's words, the help lines, the lessons A1 ... P12."""
    folder = root / "lessons"
    found = [p for p in folder.rglob("*.yaml") if p.stem not in lessons.OTHER_FILES]
    in_order = sorted(found, key=lambda path: (lessons.sort_key(path.stem), path))
    return [root / entries.WORDS, root / entries.HELPLINES, *in_order]


def _extracted(root: Path, path: Path) -> Iterator[po.Unit]:
    source = sources.read(root, path)  # says what is wrong with a file that is not readable
    found = babel_extract.extract(
        EXTRACTOR, io.BytesIO(path.read_bytes()), _KEYWORDS, options={"name": source.name}
    )
    for _, english, notes, key in found:
        parts = (english,) if isinstance(english, str) else tuple(english)
        yield po.Unit(str(key), parts, ("",) * len(parts), notes=tuple(notes), file=source.name)


def _merged(old: po.Unit | None, new: po.Unit, forms: int) -> po.Unit:
    count = forms if len(new.english) > 1 else 1
    if old is None or not any(old.strings):
        comments = old.comments if old else ()
        return msgspec.structs.replace(new, strings=("",) * count, comments=comments)
    old = _settled(old)
    strings = old.strings if len(old.strings) == count else (old.strings[0],) * count
    changed = old.english != new.english
    return msgspec.structs.replace(
        new,
        strings=strings,
        fuzzy=changed or old.fuzzy,
        previous=old.english if changed else (),
        comments=old.comments,
    )


def _settled(unit: po.Unit) -> po.Unit:
    """The unit with the English its string really translates, which for a fuzzy one is the old."""
    if unit.fuzzy and unit.previous:
        return msgspec.structs.replace(unit, english=unit.previous, previous=(), fuzzy=False)
    return unit


def _headers(
    language: Language | None, old: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    headers = {
        "Project-Id-Version": "Teman",
        "Report-Msgid-Bugs-To": "",
        "PO-Revision-Date": "2026-11-23 12:00+0800",
        "Last-Translator": "Teman",
        "Language-Team": NAMES[language] if language else "English",
    }
    headers |= old or {}
    headers |= {"Language": language or "en", "Plural-Forms": PLURALS[language or "en"]}
    headers |= {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return tuple(headers.items())


def _compiled(root: Path, language: Language) -> bytes:
    catalog = po.KeptCatalog(locale=language)
    catalog.mime_headers = (*_headers(language), (_SOURCES, _stamp(root, language)))
    for key, english, strings in _pairs(root, language):
        one_form = len(english) == 1
        catalog.add(
            english[0] if one_form else english, strings[0] if one_form else strings, context=key
        )
    out = io.BytesIO()
    mofile.write_mo(out, catalog)
    return out.getvalue()


def _pairs(
    root: Path, language: Language
) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    if language == "en":
        return ((e.key, e.english, e.english) for e in entries.all_of(root))
    units = po.read(po_path(root, language)).units
    return ((u.key, u.english, u.strings) for u in units if not (u.fuzzy or u.empty))


def _stamp(root: Path, language: Language) -> str:
    """A digest of what the compiled catalog is made of."""
    files = source_files(root) if language == "en" else [po_path(root, language)]
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _stamp_of(path: Path) -> str | None:
    found = _STAMP.search(path.read_bytes())
    return found[1].decode() if found else None


def _write(path: Path, content: bytes) -> None:
    """Put the file in place whole: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == content:
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
