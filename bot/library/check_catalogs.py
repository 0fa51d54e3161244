"""Rules on the catalogs: every text there, up to date, and fit to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot import texts
from bot.library import catalogs, po
from bot.library.entries import Entry
from bot.library.tree import Problem, Tree
from bot.messages import LANGUAGES, Language

_LETTERS: Final = {"zh": re.compile(r"[\u4e00-\u9fff]"), "ta": re.compile(r"[\u0b80-\u0bff]")}
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_NAME: Final = re.compile(r"\{\w*\}")


def missing(tree: Tree) -> Iterator[Problem]:
    """Every text in every language."""
    for language, entry, unit in _units(tree):
        if unit is None or unit.empty:
            yield Problem("missing", entry.file, entry.key, language, "has no translation")


def fuzzy(tree: Tree) -> Iterator[Problem]:
    """No translation whose English has changed, or that a translator marked as unsure."""
    for language, entry, unit in _units(tree):
        if unit and not unit.empty and unit.fuzzy:
            yield Problem("fuzzy", entry.file, entry.key, language, "needs another look")


def outdated(tree: Tree) -> Iterator[Problem]:
    """Catalogs made from today's sources."""
    path = tree.root / catalogs.TEMPLATE
    if not tree.faults and (
        not path.exists()
        or path.read_text(encoding="utf-8") != po.written(catalogs.template(tree.root))
    ):
        yield Problem("outdated", catalogs.TEMPLATE, "", "", "run: lessons update")
    for language, entry, unit in _units(tree):
        if unit and not unit.empty and unit.english != entry.english:
            message = "translates an older English text; run: lessons update"
            yield Problem("outdated", entry.file, entry.key, language, message)


def obsolete(tree: Tree) -> Iterator[Problem]:
    """No string without a source."""
    known = {entry.key for entry in tree.entries}
    for language, file in tree.catalogs.items():
        gone = [*file.obsolete, *(unit for unit in file.units if unit.key not in known)]
        for unit in gone:
            name = catalogs.po_path(tree.root, language).relative_to(tree.root).as_posix()
            yield Problem("obsolete", name, unit.key, language, "is no longer in the sources")


def plurals(tree: Tree) -> Iterator[Problem]:
    """The header of each language names its own plural forms."""
    for language, file in tree.catalogs.items():
        if dict(file.headers).get("Plural-Forms") != catalogs.PLURALS[language]:
            name = catalogs.po_path(tree.root, language).relative_to(tree.root).as_posix()
            yield Problem("plurals", name, "", language, f"must be {catalogs.PLURALS[language]}")


def placeholders(tree: Tree) -> Iterator[Problem]:
    """The same names in braces in every language."""
    for said in tree.said():
        try:
            here = texts.placeholders(said.text)
            wanted = texts.placeholders(said.english)
        except ValueError as error:
            yield said.problem("placeholders", str(error))
            continue
        if here != wanted:
            differing = ", ".join(sorted(here ^ wanted))
            yield said.problem("placeholders", f"differs from the English in {differing}")


def latin(tree: Tree) -> Iterator[Problem]:
    """Each line in Latin letters stands for a Tamil text, with the same names in braces."""
    for key, line in tree.romanised.items():
        tamil = tree.pattern("ta", key)
        if not tamil or texts.placeholders(line) != texts.placeholders(tamil):
            wrong = "fits no text" if not tamil else "has other names in braces than its text"
            yield Problem("latin", "lessons/romanised.yaml", key, "ta", wrong)


def english(tree: Tree) -> Iterator[Problem]:
    """No screen in English for somebody who reads another language; services keep their names."""
    for said in tree.said("ms", "zh", "ta"):
        if said.entry.key.startswith("helplines.") and said.entry.key.endswith(".name"):
            continue
        wordy = len(_WORD.findall(_NAME.sub("", said.english))) >= 3
        letters = _LETTERS.get(said.language)
        if wordy and (said.text == said.english or (letters and not letters.search(said.text))):
            yield said.problem("english", "is not translated")


def lifeline(tree: Tree) -> Iterator[Problem]:
    """The help lines built into the program say the same as the text."""
    for language in LANGUAGES:
        text = tree.text(language, "help.lifeline")
        if text and text != texts.LIFELINE[language]:
            message = "must equal LIFELINE in bot/texts.py"
            yield Problem("lifeline", "locales/words.yaml", "help.lifeline", language, message)


def _units(
    tree: Tree,
) -> Iterator[tuple[Language, Entry, po.Unit | None]]:
    for language in catalogs.TRANSLATED:
        file = tree.catalogs.get(language)
        units = {unit.key: unit for unit in file.units} if file else {}
        for entry in tree.entries:
            yield language, entry, units.get(entry.key)
