"""The corpus as data: briefs and the lines written for them, and near-copies among the lines.

`corpus/briefs.jsonl` holds the briefs, `corpus/{ms,en,zh,ta,ta-Latn}.jsonl` the lines;
corpus/README.md says how they
were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from bot.errors import ContentWrong
from bot.language import fold
from bot.safeguarding.concern import About, Harm, Level

CORPUS: Final = Path(__file__).parent / "corpus"
Script = Literal["ms", "en", "zh", "ta", "ta-Latn"]
SCRIPTS: Final[tuple[Script, ...]] = ("ms", "en", "zh", "ta", "ta-Latn")
Manner = Literal["plain", "indirect", "plea", "everyday", "hard", "real"]
"""How it is told (the first three), or what kind of line it is that tells of no harm; `real`:
public text that
nobody wrote for this."""

NEAR: Final = 0.8
"""Two lines that share so much of their letter triples are near-copies (Jaccard)."""


Row = TypeVar("Row")


class Brief(msgspec.Struct, frozen=True):
    """What a writer was given. Briefs of one `situation` go to one side of every split.

    `held`: kept back from training and from every choice of a setting.
    """

    id: str
    script: Script
    situation: str
    writer: str
    style: str
    group: str
    held: bool = False


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message and what it tells. `doubt`: two readers could not agree whether it tells of
    harm; not used for
    training nor for figures.
    """

    brief: str
    text: str
    manner: Manner
    level: Level = "none"
    harms: tuple[Harm, ...] = ()
    about: About = "unknown"
    doubt: bool = False

    def __repr__(self) -> str:
        return f"Line({self.brief}, {self.manner}, {self.level})"

    @property
    def told(self) -> bool:
        """Whether it tells of harm."""
        return self.level != "none"


class Corpus(msgspec.Struct, frozen=True):
    """Briefs by id, and the lines in the order of the files."""

    briefs: dict[str, Brief]
    lines: tuple[Line, ...]

    def brief(self, line: Line) -> Brief:
        """The brief a line was written for."""
        return self.briefs[line.brief]

    def clear(self, *, held: bool) -> list[Line]:
        """The lines without doubt on one side of the split."""
        return [x for x in self.lines if not x.doubt and self.briefs[x.brief].held == held]


def read(folder: Path = CORPUS) -> Corpus:
    """The corpus of a folder. ContentWrong where a file is missing, damaged, or a line names no
    brief."""
    briefs = {brief.id: brief for brief in rows(folder / "briefs.jsonl", Brief)}
    lines = [line for name in (*SCRIPTS, "real") for line in rows(folder / f"{name}.jsonl", Line)]
    strays = [line.brief for line in lines if line.brief not in briefs]
    if strays or not lines:
        raise ContentWrong(f"the screening corpus is not whole: {strays[:3] or 'no lines'}")
    return Corpus(briefs, tuple(lines))


def rows(path: Path, kind: type[Row]) -> list[Row]:
    """A file of JSON Lines. ContentWrong with the number of the first damaged line."""
    try:
        data = path.read_bytes().splitlines()
    except OSError as error:
        raise ContentWrong(f"{path.name} cannot be read ({type(error).__name__})") from error
    decoder = msgspec.json.Decoder(kind)
    return [_row(decoder, row, f"{path.name}, line {n}") for n, row in enumerate(data, 1)]


def _row(decoder: msgspec.json.Decoder[Row], data: bytes, where: str) -> Row:
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise ContentWrong(f"{where}: {error}") from error


def near_copies(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Pairs (earlier, later) of places whose texts share nearly all letter triples. Short lines
    only when equal."""
    seen: dict[str, list[int]] = {}
    shapes = [_triples(line.text) for line in lines]
    found = []
    for place, shape in enumerate(shapes):
        met: dict[int, int] = {}
        for triple in shape:
            for earlier in seen.setdefault(triple, []):
                met[earlier] = met.get(earlier, 0) + 1
            seen[triple].append(place)
        for earlier, shared in met.items():
            if shared >= NEAR * (len(shape) + len(shapes[earlier]) - shared):
                found.append((earlier, place))
                break
    return found


def _triples(text: str) -> frozenset[str]:
    folded = fold.plain(text)
    return frozenset(folded[i : i + 3] for i in range(len(folded) - 2))
