"""Making a model from the corpus, and judging lines with models that have not seen them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.language import grams, which
from bot.safeguarding import calibration, lines, model, senses, training
from bot.safeguarding.assess import RULES, Screen
from bot.safeguarding.figures import Judged
from bot.safeguarding.lines import Brief, Corpus, Line
from bot.safeguarding.model import Families, Group, Limits, Opinion, Stored
from bot.safeguarding.training import Floats, Pieces

LIGHTEST: Final = 0.01
"""A piece none of whose weights reaches this is left out of the file."""


class Material:
    """Lines, taken apart once: for training, cross-validation and the learning curve."""

    def __init__(self, corpus: Corpus, some: Sequence[Line], screen: Screen) -> None:
        self.screen = screen
        self.lines = list(some)
        self.briefs: list[Brief] = [corpus.brief(line) for line in some]
        texts = [line.text for line in some]
        self.split = training.take_apart(texts, screen.matcher, screen.lexicon)
        self.sheets = [brief.id for brief in self.briefs]
        self.groups: list[Group] = [
            model.group_of(*which.language_of(line.text)) for line in self.lines
        ]

    def part(self, places: Sequence[int]) -> tuple[list[Families], list[Line]]:
        """Some of the lines: taken apart, and as they are."""
        return [self.split[i] for i in places], [self.lines[i] for i in places]

    def judged(self, shares: Floats, limits: dict[Group, Limits]) -> list[Judged]:
        """What screening says of each line with these probabilities: the decision of run time."""
        return [
            Judged(line, brief, self.screen.judge(line.text, Opinion(tuple(row)), limits))
            for line, brief, row in zip(self.lines, self.briefs, shares.tolist(), strict=True)
        ]


class Made:
    """What is learnt about a model of these lines: the opinions of models that had not seen a line,
    how such sums become probabilities, and the limits.
    """

    def __init__(self, material: Material) -> None:
        raw = calibration.out_of_fold(material.split, material.lines, material.sheets)
        self.scale, self.shift = calibration.scales(raw, material.lines)
        self.shares: Floats = training.likely(raw, self.scale, self.shift)
        self.limits = calibration.limits(self.shares, material.lines, material.groups)

    def stored(self, everything: Material, stamp: str) -> Stored:
        """The model that is served. It learns from the briefs held back, too: whoever writes to it
        gets all that is known. What they measure are models without them (`unseen`).
        """
        pieces = training.pieces(everything.split)
        weights, bias = training.fit(pieces.rows(everything.split), everything.lines)
        names, kept = _lightened(pieces, weights)
        return Stored(
            version=model.VERSION,
            stamp=stamp,
            vocabulary="\n".join(names),
            weights=kept.astype("<f2").tobytes(),
            runs=weights[: grams.BUCKETS].astype("<f2").tobytes(),
            bias=tuple(bias.tolist()),
            scale=tuple(self.scale.tolist()),
            shift=tuple(self.shift.tolist()),
            limits=self.limits,
        )


def unseen(material: Material, held: Material, stored: Stored) -> list[Judged]:
    """Lines held back, judged by a model of the other lines, with the scales and limits of the
    model that is served: those were chosen without the lines held back.
    """
    raw = training.opinions(material.split, material.lines, held.split)
    shares = training.likely(raw, np.array(stored.scale), np.array(stored.shift))
    return held.judged(shares, stored.limits)


def _lightened(pieces: Pieces, weights: Floats) -> tuple[list[str], Floats]:
    mine = weights[grams.BUCKETS :]
    heavy = np.abs(mine).max(axis=1) >= LIGHTEST
    return [name for name, keep in zip(pieces.names, heavy, strict=True) if keep], mine[heavy]


def stamp() -> str:
    """A name for what a model is made from: corpus, rules and lexicon as they lie here."""
    made = hashlib.sha256()
    for folder in (lines.CORPUS, RULES, senses.FOLDER):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".jsonl", ".yaml", ".tsv"):
                made.update(path.read_bytes() + b"\0")
    return made.hexdigest()[:8]
