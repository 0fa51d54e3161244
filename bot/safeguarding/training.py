"""Learning the model's weights from lines. Same lines, seed and libraries: same numbers.

Logistic regressions, one an output, by L-BFGS over sparse rows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.optimize
import scipy.sparse

from bot.language import grams
from bot.safeguarding import features
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
STEPS: Final = 80
STEPS_OF_THE_REST: Final = 30
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
    told = np.array([line.told for line in lines])
    wide = len(OUTPUTS)
    weights, bias = np.zeros((rows.shape[1], wide)), np.zeros(wide)
    weights[:, 0], bias[0] = _regression(rows, told, _weights(lines), STEPS)
    harmed = [line for line in lines if line.told]
    harmed_rows = rows[np.flatnonzero(told)]
    for column, output in enumerate(OUTPUTS[1:], 1):
        wanted = np.array([holds(output, line) for line in harmed])
        weights[:, column], bias[column] = _regression(
            harmed_rows, wanted, np.ones(len(harmed)), STEPS_OF_THE_REST
        )
    return weights, bias


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
    rows: Rows, wanted: npt.NDArray[np.bool_], weight: Floats, steps: int
) -> tuple[Floats, float]:
    """Weights and bias of one output."""
    sign = np.where(wanted, 1.0, -1.0)
    if abs(sign.sum()) == len(sign):
        return np.zeros(rows.shape[1]), 6.0 * sign[0]
    across = rows.T.tocsr()

    def loss(at: Floats) -> tuple[float, Floats]:
        margin = sign * (rows @ at[:-1] + at[-1])
        slope = -sign * weight / (1.0 + np.exp(np.minimum(margin, 500)))
        value = float(weight @ np.logaddexp(0.0, -margin)) + 0.5 * PULL * float(at[:-1] @ at[:-1])
        return value, np.append(across @ slope + PULL * at[:-1], slope.sum())

    found = scipy.optimize.minimize(
        loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": steps}
    )
    return found.x[:-1], float(found.x[-1])
