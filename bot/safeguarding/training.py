"""Learning the model's weights from lines. Same lines, seed and libraries: same numbers.

Logistic regressions, one an output, by Newton's method over sparse rows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.optimize
import scipy.sparse

from bot.language import grams
from bot.safeguarding import features, parallel
from bot.safeguarding.concern import HARMS
from bot.safeguarding.lines import Line
from bot.safeguarding.match import Matcher
from bot.safeguarding.model import OUTPUTS, Families
from bot.safeguarding.senses import Lexicon

Rows = Any
"""A sparse matrix of scipy's, a row a line: it has no types of its own."""
Floats = npt.NDArray[np.float64]

SEEN_IN: Final = 4
"""A piece must stand in so many lines to be counted at all."""
PULL: Final = 0.1
"""How strongly weights are drawn to zero; of 0.1, 0.3 and 1.0 it ranked lines of other briefs
best."""
STEPS: Final = 8
STEPS_OF_THE_REST: Final = 7
"""Of the outputs that are only asked where harm is told: more make no figure better."""


class Pieces:
    """The vocabulary: pieces that stand in enough lines, and lines as rows over them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._place = {name: place for place, name in enumerate(names)}

    def rows(self, split: Sequence[Families]) -> Rows:
        """A row a line: every piece known counts once, each family shares a length of one."""
        indices: list[int] = []
        shares: list[float] = []
        ends = [0]
        for runs, families in split:
            for buckets in runs:
                indices += buckets.tolist()
                shares += [1.0 / math.sqrt(buckets.size or 1)] * buckets.size
            for family in families:
                known = (self._place[p] for p in family if p in self._place)
                places = sorted(grams.BUCKETS + place for place in known)
                indices += places
                shares += [1.0 / math.sqrt(len(places) or 1)] * len(places)
            ends.append(len(indices))
        shape = (len(split), grams.BUCKETS + len(self.names))
        return scipy.sparse.csr_matrix((shares, indices, ends), shape=shape, dtype=np.float64)


def take_apart(texts: Sequence[str], matcher: Matcher, lexicon: Lexicon) -> list[Families]:
    """Each text as the model sees it."""
    names = list(matcher.bits)
    return [features.take_apart(features.see(text, matcher), names, lexicon) for text in texts]


def pieces(split: Sequence[Families], *, least: int = SEEN_IN) -> Pieces:
    """The vocabulary of some lines."""
    counted: Counter[str] = Counter()
    for _, families in split:
        for family in families:
            counted.update(family)
    return Pieces(sorted(piece for piece, count in counted.items() if count >= least))


def fit(rows: Rows, lines: Sequence[Line]) -> tuple[Floats, Floats]:
    """Weights (pieces x outputs) and bias (outputs)."""
    columns = parallel.each(learning(rows, lines), len(OUTPUTS))
    return np.stack([one for one, _ in columns], axis=1), np.array([bias for _, bias in columns])


def opinions(seen: Sequence[Families], lines: Sequence[Line], unseen: Sequence[Families]) -> Floats:
    """The raw sums (lines x outputs) that a model of the lines seen gives those unseen."""
    known = pieces(seen)
    weights, bias = fit(known.rows(seen), lines)
    found: Floats = known.rows(unseen) @ weights + bias
    return found


def likely(raw: Floats, scale: Floats, shift: Floats) -> Floats:
    """Raw sums as probabilities."""
    found: Floats = 1.0 / (1.0 + np.exp(-(raw * scale + shift)))
    return found


def learning(rows: Rows, lines: Sequence[Line]) -> Callable[[int], tuple[Floats, float]]:
    """What learns one output, by its number; the outputs do not depend on each other."""
    told = np.array([line.told for line in lines])
    harmed = [line for line in lines if line.told]
    whole = rows, rows.T.tocsr()
    harmed_rows = rows[np.flatnonzero(told)]
    part = harmed_rows, harmed_rows.T.tocsr()

    def learn(column: int) -> tuple[Floats, float]:
        if column == 0:
            return _regression(*whole, told, _weights(lines), STEPS)
        wanted = np.array([holds(OUTPUTS[column], line) for line in harmed])
        return _regression(*part, wanted, np.ones(len(harmed)), STEPS_OF_THE_REST)

    return learn


def _weights(lines: Sequence[Line]) -> Floats:
    """Both sides weigh the same, whatever their number."""
    told = np.array([line.told for line in lines])
    share = float(told.mean())
    weights: Floats = np.where(told, 0.5 / share, 0.5 / (1 - share))
    return weights


def holds(output: str, line: Line) -> bool:
    """Whether an output is true of a line."""
    if output == "told":
        return line.told
    if output == "urgent":
        return line.level in ("urgent", "emergency")
    if output == "emergency":
        return line.level == "emergency"
    return output in line.harms if output in HARMS else output == line.about


def _regression(
    rows: Rows, across: Rows, wanted: npt.NDArray[np.bool_], weight: Floats, steps: int
) -> tuple[Floats, float]:
    """Weights and bias of one output. `across`: the rows transposed."""
    sign = np.where(wanted, 1.0, -1.0)
    if abs(sign.sum()) == len(sign):
        return np.zeros(rows.shape[1]), 6.0 * sign[0]
    curve = [np.zeros(0), np.zeros(0)]

    def pulled(at: Floats, slope: Floats) -> Floats:
        whole = np.empty(len(at))
        whole[:-1] = across @ slope + PULL * at[:-1]
        whole[-1] = slope.sum()
        return whole

    def loss(at: Floats) -> tuple[float, Floats]:
        margin = sign * (rows @ at[:-1] + at[-1])
        missed = 1.0 / (1.0 + np.exp(np.clip(margin, -500, 500)))
        value = float(weight @ np.logaddexp(0.0, -margin)) + 0.5 * PULL * float(at[:-1] @ at[:-1])
        return value, pulled(at, -sign * weight * missed)

    def bend(at: Floats, way: Floats) -> Floats:
        """How the slope changes along a way; asked for many ways at one place."""
        if curve[0] is not at:
            likely = 1.0 / (1.0 + np.exp(-np.clip(rows @ at[:-1] + at[-1], -500, 500)))
            curve[:] = at, weight * likely * (1.0 - likely)
        return pulled(way, curve[1] * (rows @ way[:-1] + way[-1]))

    start = np.zeros(rows.shape[1] + 1)
    found = scipy.optimize.minimize(
        loss, start, jac=True, hessp=bend, method="Newton-CG", options={"maxiter": steps}
    )
    return found.x[:-1], float(found.x[-1])
