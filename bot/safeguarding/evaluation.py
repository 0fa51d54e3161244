"""The figures of `run.py safeguarding evaluate`: by cross-validation, on the briefs held back,
and how they grow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from bot.safeguarding import assess, calibration, figures, lines, training, workshop
from bot.safeguarding.assess import Screen
from bot.safeguarding.concern import LEVELS
from bot.safeguarding.figures import Judged, Share
from bot.safeguarding.lines import Corpus, Line
from bot.safeguarding.model import Stored
from bot.safeguarding.workshop import Material

FLOORS: Final = lines.CORPUS / "floors.json"
CURVE: Final = (0.25, 0.5, 0.75, 1.0)
LONG_WORDS: Final = 25
SHORT_WORDS: Final = 6

Tables = dict[str, dict[str, dict[str, Share]]]


class Given(msgspec.Struct, frozen=True):
    """A line of a file handed in: text, and what is expected of it where that is known."""

    text: str
    lang: str = ""
    expect: str = ""


def held_back(corpus: Corpus, stored: Stored) -> list[Judged]:
    """Every line of the briefs held back, judged as at run time, by a model that has not seen
    them. Learning it takes half a minute.
    """
    screen = assess.by_rules()
    material = Material(corpus, corpus.clear(held=False), screen)
    return workshop.unseen(material, Material(corpus, corpus.clear(held=True), screen), stored)


BY: Final[dict[str, Callable[[Judged], Iterable[str]]]] = {
    "writing": lambda one: (one.brief.script,),
    "harm": lambda one: one.line.harms[:1],
    "length": lambda one: (length_of(one.line),),
    "style": lambda one: (one.brief.style,) if one.brief.style else (),
}


def length_of(line: Line) -> str:
    """Short, middle or long; Chinese characters count half a word."""
    han = sum("\u4e00" <= c <= "\u9fff" for c in line.text)
    words = len(line.text.split()) + han // 2
    return "short" if words <= SHORT_WORDS else "long" if words >= LONG_WORDS else "middle"


def tables(judged: Sequence[Judged]) -> Tables:
    """All measures by writing, harm, length and style."""
    return {name: figures.table(judged, by) for name, by in BY.items()}


def curve(material: Material, held: Material) -> Iterator[tuple[float, dict[str, Share]]]:
    """What models of a part of the briefs hear of the briefs held back, at limits that give the
    same false alarms
    there: (part, shares).
    """
    order = sorted(set(material.sheets), key=lambda name: hashlib.sha256(name.encode()).digest())
    for part in CURVE:
        chosen = set(order[: round(part * len(order))])
        places = [i for i, name in enumerate(material.sheets) if name in chosen]
        split, some = material.part(places)
        pieces = training.pieces(split)
        weights, bias = training.fit(pieces.rows(split), some)
        told = (pieces.rows(held.split) @ weights + bias)[:, :1]
        limits = calibration.limits(np.repeat(told, 3, axis=1), held.lines, held.groups)
        reached = [
            value >= limits[group].ask for value, group in zip(told[:, 0], held.groups, strict=True)
        ]
        yield part, _heard(held.lines, reached)


def _heard(some: Sequence[Line], reached: Sequence[bool]) -> dict[str, Share]:
    found: dict[str, list[bool]] = {}
    for line, heard in zip(some, reached, strict=True):
        found.setdefault(f"{line.manner}, heard by the model alone", []).append(heard)
    return {name: Share(sum(rows), len(rows)) for name, rows in sorted(found.items())}


def of_file(path: Path, screen: Screen) -> dict[str, Share]:
    """Shares of each level in a file of JSON Lines; beside it, where it says what to `expect`,
    how many were heard."""
    given = lines.rows(path, Given)
    levels = [screen.assess(one.text).level for one in given]
    found = {f"given as {level}": Share(levels.count(level), len(levels)) for level in LEVELS}
    told = [i for i, one in enumerate(given) if one.expect not in ("", "none")]
    rest = [i for i, one in enumerate(given) if one.expect == "none"]
    for name, places in (("heard of those that tell", told), ("false alarms", rest)):
        if places:
            found[name] = Share(sum(levels[i] != "none" for i in places), len(places))
    return found


def misses(judged: Iterable[Judged]) -> Iterator[bytes]:
    """What was missed or heard falsely, as JSON Lines. The lines are the corpus's own: nobody
    wrote them in need."""
    for one in judged:
        if one.line.told != one.heard:
            yield msgspec.json.encode(
                {
                    "brief": one.brief.id,
                    "manner": one.line.manner,
                    "level": one.line.level,
                    "heard": one.concern.level,
                    "text": one.line.text,
                }
            )


def floors_broken(judged: Sequence[Judged], path: Path = FLOORS) -> list[str]:
    """Measures whose interval reaches below the committed floor (of false alarms: above it)."""
    wanted = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, float]])
    found = figures.table(judged, BY["writing"])
    broken = []
    for writing, floors in wanted.items():
        for name, floor in floors.items():
            share = found.get(writing, {}).get(name, Share(0, 0))
            low, high = share.interval
            bad = high > floor if name.startswith("false") else low < floor
            if bad or not share.total:
                broken.append(f"{writing}: {name} is {share}, the floor is {100 * floor:.1f}")
    return broken
