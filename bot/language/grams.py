"""The small pieces of a folded message that the screening model counts: runs of letters, words,
pairs of words."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import numpy.typing as npt

LENGTHS: Final = (2, 3, 4, 5)
"""Of the runs of letters, in code points. A run may go over a space, so that it works without word
limits (Chinese, and words written together)."""
BUCKETS: Final = 1 << 18
"""Runs are counted in so many buckets: a table instead of a list of a hundred thousand runs."""
_FACTOR: Final = np.uint32(0x01000193)
_MIX: Final = np.uint32(0x9E3779B1)
_SHIFT: Final = np.uint32(14)

Buckets = npt.NDArray[np.intp]


def runs(folded: str, kind: int = 0) -> Buckets:
    """The buckets of the runs of letters of the text, as often as they stand in it. Texts of
    another `kind` (letters, sounds) have other buckets.
    """
    letters = np.frombuffer(folded.encode("utf-32-le", "replace"), dtype="<u4")
    found = []
    sums = letters
    for length in range(2, LENGTHS[-1] + 1):
        sums = sums[:-1] * _FACTOR ^ letters[length - 1 :]
        if not sums.size:
            break
        found.append(sums + np.uint32(length + 16 * kind))
    if not found:
        return np.empty(0, dtype=np.intp)
    mixed = np.concatenate(found)
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX
    mixed >>= _SHIFT
    return mixed.astype(np.intp)


def words(folded: str) -> set[str]:
    """Its words, neighbouring pairs, and pairs with one word between them, marked apart."""
    said = [word for word in folded.split() if word != "."]
    found = {f"={word}" for word in said}
    found.update([f"{left}_{right}" for left, right in itertools.pairwise(said)])
    found.update([f"{left}~{right}" for left, right in zip(said, said[2:], strict=False)])
    return found
