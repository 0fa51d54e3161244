"""What the words of a message mean, in any of the five ways of writing: a lexicon of senses
shared by all languages.

It is what lets a line in one language teach the model something about the others. `senses/*.tsv`
holds it, six columns
parted by tabs: the sense, then its spellings in English, Malay, Chinese, Tamil, and Tamil in
Latin letters, written as
in the rules (bot/safeguarding/rules.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import ContentWrong
from bot.safeguarding import compiled, match, spot
from bot.safeguarding.compiled import Table
from bot.safeguarding.rules import LANGUAGES

FOLDER: Final = Path(__file__).parent / "senses"
REACH: Final = 2
"""Senses that stand so near to each other make a pair in this order."""
FILES: Final = ("people", "mind", "online", "doing", "life")
"""Where two tables claim a word, the earlier one has it."""


class Lexicon:
    """The senses of a folder, ready to be found."""

    def __init__(self, tables: tuple[Table, Table]) -> None:
        letters, sounds = tables
        self._letters, self._sounds = spot.automaton(letters), spot.automaton(sounds)

    def find(self, letters: str, sounds: str, *, clear: bool) -> list[str]:
        """The senses of a message in the order of its words; of spellings within each other, the
        longest.

        `letters`, `sounds`, `clear`: as `match.Matcher.hits` takes them.
        """
        found = _scan(self._letters, letters)
        if sounds:
            scale = len(letters) / len(sounds)
            for start, last, sense in _scan(self._sounds, sounds):
                if not clear or last - start >= spot.CLEAR:
                    found.append((int(start * scale), int(last * scale), sense))
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        kept: list[str] = []
        reached = -1
        for _, last, sense in found:
            if last > reached:
                reached = last
                kept.append(sense)
        return kept


def pieces(senses: list[str]) -> set[str]:
    """Senses, and near pairs in order, as the model counts them."""
    found = {f"§{sense}" for sense in senses}
    for place, left in enumerate(senses):
        for right in senses[place + 1 : place + 1 + REACH]:
            found.add(f"§{left}>{right}")
    return found


def load(folder: Path = FOLDER) -> Lexicon:
    """The lexicon of a folder. ContentWrong where a table is damaged or none is there."""
    return Lexicon(compiled.load(stamp(folder), compiled.SENSES) or tables(folder))


def stamp(folder: Path = FOLDER) -> str:
    """A name for the tables as they lie there."""
    made = hashlib.sha256()
    for name in FILES:
        made.update(_read(folder / f"{name}.tsv").encode())
    return made.hexdigest()[:8]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentWrong(f"{path.name} cannot be read ({type(error).__name__})") from error


def tables(folder: Path = FOLDER) -> tuple[Table, Table]:
    """The keys by letters and by sound. ContentWrong where a table is damaged or none is there.

    A spelling that folding leaves as it is has its word before one that folding turns into it:
    "aku" is I, although "gua", a cave, is also how some write it.
    """
    letters: Table = {}
    sounds: Table = {}
    listed = [(sense, match.spelt(language, text)) for sense, language, text in _spellings(folder)]
    looks = spot.folded([spelt for _, spelt in listed])
    listed.sort(key=lambda one: spot.stem(one[1][0]).lower() != looks[one[1]])
    for sense, spelt in listed:
        table = sounds if spelt[1] else letters
        for key, flags in spot.keys(spelt[0], looks[spelt], sound=spelt[1]):
            table.setdefault(key, (sense, flags))
    if not letters:
        raise ContentWrong("the lexicon of senses is empty: restore bot/safeguarding/senses")
    return letters, sounds


def _spellings(folder: Path) -> Iterator[tuple[str, str, str]]:
    for name in FILES:
        for number, row in enumerate(_read(folder / f"{name}.tsv").splitlines(), 1):
            cells = row.split("\t")
            if len(cells) != 1 + len(LANGUAGES):
                raise ContentWrong(f"{name}.tsv, line {number}: not six columns")
            for language, cell in zip(LANGUAGES, cells[1:], strict=True):
                for spelling in cell.split(","):
                    if spelling.strip():
                        yield cells[0], language, spelling.strip()


def _scan(made: spot.Automaton, text: str) -> list[tuple[int, int, str]]:
    return [
        (last - length + 1, last, sense)
        for last, (sense, length, flags) in made.iter(text)
        if not flags or not spot.within_letter(flags, text, last)
    ]
