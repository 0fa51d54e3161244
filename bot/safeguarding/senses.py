"""What the words of a message mean, in any of the five ways of writing: a lexicon of senses
shared by all languages.

It is what lets a line in one language teach the model something about the others. `senses/*.tsv`
holds it, six columns
parted by tabs: the sense, then its spellings in English, Malay, Chinese, Tamil, and Tamil in
Latin letters, written as
in the rules (bot/safeguarding/rules.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.errors import ContentWrong
from bot.safeguarding import match, spot
from bot.safeguarding.rules import LANGUAGES

FOLDER: Final = Path(__file__).parent / "senses"
REACH: Final = 3
"""Senses that stand so near to each other make a pair in this order."""
FAR: Final = 24
"""Of so many senses, at most, every two are a pair, however far apart."""

Entry = tuple[str, str, int]
"""A key of the automaton, the sense, its flags."""


class Lexicon:
    """The senses of a folder, ready to be found."""

    def __init__(self, entries: tuple[list[Entry], list[Entry]]) -> None:
        self._letters, self._sounds = (_automaton(table) for table in entries)

    def find(self, letters: str, sounds: str, *, clear: bool) -> list[str]:
        """The senses of a message in the order of its words; of spellings within each other, the
        longest.

        `letters`, `sounds`, `clear`: as `match.Matcher.hits` takes them.
        """
        found = list(_scan(self._letters, letters))
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
    """Senses, near pairs in order, and pairs anywhere, as the model counts them."""
    found = {f"§{sense}" for sense in senses}
    for place, left in enumerate(senses):
        for right in senses[place + 1 : place + 1 + REACH]:
            found.add(f"§{left}>{right}")
    apart = sorted(set(senses[:FAR]))
    for place, left in enumerate(apart):
        found.update([f"§{left}&{right}" for right in apart[place + 1 :]])
    return found


def entries(folder: Path = FOLDER) -> tuple[list[Entry], list[Entry]]:
    """The keys by letters and by sound. ContentWrong where a table is damaged or none is there."""
    letters: dict[str, Entry] = {}
    sounds: dict[str, Entry] = {}
    listed = [(sense, match.spelt(language, text)) for sense, language, text in _spellings(folder)]
    looks = spot.folded([spelt for _, spelt in listed])
    for sense, spelt in listed:
        table = sounds if spelt[1] else letters
        for key, flags in spot.keys(spelt[0], looks[spelt], sound=spelt[1]):
            table.setdefault(key, (key, sense, flags))
    if not letters:
        raise ContentWrong("the lexicon of senses is empty: restore bot/safeguarding/senses")
    return list(letters.values()), list(sounds.values())


def _spellings(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(folder.glob("*.tsv")):
        for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
            cells = row.split("\t")
            if len(cells) != 1 + len(LANGUAGES):
                raise ContentWrong(f"{path.name}, line {number}: not six columns")
            for language, cell in zip(LANGUAGES, cells[1:], strict=True):
                for spelling in cell.split(","):
                    if spelling.strip():
                        yield cells[0], language, spelling.strip()


def _automaton(table: Iterable[Entry]) -> spot.Automaton:
    return spot.automaton({key: (sense, len(key), flags) for key, sense, flags in table})


def _scan(made: spot.Automaton, text: str) -> Iterator[tuple[int, int, str]]:
    for last, (sense, length, flags) in made.iter(text):
        if not spot.within_letter(flags, text, last):
            yield last - length + 1, last, sense
