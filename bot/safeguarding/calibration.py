"""From out-of-fold opinions to probabilities that hold, and to the limits of the levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.optimize

from bot.safeguarding import parallel, training
from bot.safeguarding.lines import Line
from bot.safeguarding.model import GROUPS, OUTPUTS, Families, Group, Limits
from bot.safeguarding.training import Floats

FOLDS: Final = 5
ALARMS: Final = {"hard": 0.11, "everyday": 0.035, "real": 0.03}
"""What share of the lines of a kind that tell of nothing the model alone may take for something."""
LOUD_ALARMS: Final = 0.03
"""The same for more than `ask`, on hard lines."""
EMERGENCIES_MISSED: Final = 0.06
"""What share of the emergencies may fall under the limit of `urgent`."""


def folds(groups: Sequence[str], count: int = FOLDS) -> npt.NDArray[np.int64]:
    """A fold for each line; lines of one group share one. Groups are dealt in the order of their
    size."""
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    filled = [0] * count
    chosen: dict[str, int] = {}
    for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold = filled.index(min(filled))
        chosen[group] = fold
        filled[fold] += sizes[group]
    return np.array([chosen[group] for group in groups])


def out_of_fold(
    split: Sequence[Families],
    lines: Sequence[Line],
    groups: Sequence[str],
) -> Floats:
    """For each line the raw sums (lines x outputs) of a model that has not seen its group."""
    fold_of = folds(groups)
    raw = np.zeros((len(lines), len(OUTPUTS)))

    def of_fold(fold: int) -> Floats:
        rest = np.flatnonzero(fold_of != fold).tolist()
        seen = [split[i] for i in rest]
        unseen = [split[i] for i in np.flatnonzero(fold_of == fold).tolist()]
        return training.opinions(seen, [lines[i] for i in rest], unseen)

    for fold, found in enumerate(parallel.each(of_fold, FOLDS)):
        raw[fold_of == fold] = found
    return raw


def scales(raw: Floats, lines: Sequence[Line]) -> tuple[Floats, Floats]:
    """Scale and shift of each output, so that sigmoid(scale * raw + shift) is a probability."""
    told = np.array([line.told for line in lines])
    scale, shift = np.ones(len(OUTPUTS)), np.zeros(len(OUTPUTS))
    for column, output in enumerate(OUTPUTS):
        use = np.ones(len(lines), dtype=bool) if column == 0 else told
        wanted = np.array([training.holds(output, line) for line in lines])[use]
        scale[column], shift[column] = _logistic(raw[use, column], wanted)
    return scale, shift


def _logistic(raw: Floats, wanted: npt.NDArray[np.bool_]) -> tuple[float, float]:
    sign = np.where(wanted, 1.0, -1.0)

    def loss(at: Floats) -> float:
        missed = np.logaddexp(0.0, -sign * (at[0] * raw + at[1]))
        return float(missed.mean()) + 1e-4 * float(at[0]) ** 2

    found = scipy.optimize.minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    return max(0.05, float(found.x[0])), float(found.x[1])


def limits(shares: Floats, lines: Sequence[Line], groups: Sequence[Group]) -> dict[Group, Limits]:
    """The limits of each group of scripts."""
    found = {}
    for group in GROUPS:
        here = np.array([g == group for g in groups])
        found[group] = _limits(
            shares[here],
            [line for line, use in zip(lines, here, strict=True) if use],
        )
    return found


def _limits(shares: Floats, lines: Sequence[Line]) -> Limits:
    kinds = np.array([line.manner for line in lines])
    emergency = np.array([line.level == "emergency" for line in lines])
    ask = max(_above(shares[kinds == kind, 0], share) for kind, share in ALARMS.items())
    loud = max(ask, _above(shares[kinds == "hard", 0], LOUD_ALARMS))
    return Limits(
        ask=ask,
        concern=loud,
        urgent=min(0.5, _below(shares[emergency, 1], EMERGENCIES_MISSED)),
        emergency=0.5,
    )


def _above(shares: Floats, share: float) -> float:
    """The limit that so large a share of these reaches."""
    return float(np.quantile(shares, 1 - share)) if len(shares) else 0.0


def _below(shares: Floats, share: float) -> float:
    """The limit that so large a share of these stays under."""
    return float(np.quantile(shares, share)) if len(shares) else 0.5
