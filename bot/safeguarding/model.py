"""The trained model: what it has learnt from the corpus, and its opinion of one message.

A linear model with several outputs over runs of letters, words and the concepts of the rules. It
is one file,
made by `run.py safeguarding train`; nothing of it is ever made at run time.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from bot.errors import ContentWrong
from bot.language import grams
from bot.language.grams import Buckets
from bot.messages import Language
from bot.safeguarding.concern import HARMS

PATH: Final = Path(__file__).parent / "model.bin"
VERSION: Final = 2
ABOUT: Final = ("friend", "own_child", "pupil")
OUTPUTS: Final = ("told", "urgent", "emergency", *HARMS, *ABOUT)
"""What each column of the weights is for. All but the first are learnt from, and only asked of,
what tells of harm."""
_NOTHING: Final = (0.0,) * (len(OUTPUTS) - 1)
Group = Literal["ms", "en", "zh", "ta", "romanised"]
GROUPS: Final[tuple[Group, ...]] = ("ms", "en", "zh", "ta", "romanised")
"""Ways of writing have limits of their own: their pieces carry unequal weight."""
_DIGEST: Final = 32
Families = tuple[tuple[Buckets, ...], tuple[Iterable[str], ...]]
"""A message taken apart: runs of letters as buckets, and of Tamil sounds where it may be Tamil;
words, concepts of the rules, senses, words by their Tamil sound."""


class Limits(msgspec.Struct, frozen=True):
    """From which probability on, per way of writing, a message is at least of a level."""

    ask: float
    concern: float
    urgent: float
    emergency: float


class Stored(msgspec.Struct, frozen=True):
    """The file. `vocabulary`: the pieces, one a line, in the order of the rows of `weights`
    (float16,
    little endian, a row of `OUTPUTS` each); `runs`: a row for each bucket of runs of letters.
    `scale`, `shift`: probability = sigmoid(scale * sum + shift), an output each. `stamp`: of the
    corpus and rules it was made from.
    """

    version: int
    stamp: str
    vocabulary: str
    weights: bytes
    runs: bytes
    bias: tuple[float, ...]
    scale: tuple[float, ...]
    shift: tuple[float, ...]
    limits: dict[Group, Limits]


class Opinion(msgspec.Struct, frozen=True):
    """What the model makes of a message: probabilities of `OUTPUTS`, in their order."""

    shares: tuple[float, ...]

    @property
    def told(self) -> float:
        """How likely it tells of harm."""
        return self.shares[0]


class Model:
    """Weights in memory. Nothing in it changes; one object serves all threads."""

    def __init__(self, stored: Stored) -> None:
        names = stored.vocabulary.split("\n")
        self.stamp: Final = stored.stamp
        self.limits: Final = stored.limits
        self._rows = {name: row for row, name in enumerate(names)}
        self._weights = _table(stored.weights, len(names))
        self._runs = _table(stored.runs, grams.BUCKETS)
        self._first: list[float] = self._weights[:, 0].tolist()
        self._first_run = self._runs[:, 0].astype(np.float32)
        self._scales = np.array(stored.scale)
        self._biases = np.array(stored.bias) + np.array(stored.shift) / self._scales
        self._bias, self._scale = float(self._biases[0]), stored.scale[0]

    def opinion(self, families: Families, least: float) -> Opinion:
        """Probabilities for a message taken apart (`features.take_apart`). Under `least` only the
        first of them is worked out: most messages tell of nothing, and that must be quick.
        """
        runs, rest = families
        get, first = self._rows.get, self._first
        parts = [[row for piece in family if (row := get(piece)) is not None] for family in rest]
        raw = self._bias
        for buckets in runs:
            if buckets.size:
                raw += float(self._first_run[buckets].sum()) / math.sqrt(buckets.size)
        for rows in parts:
            if rows:
                raw += sum([first[row] for row in rows]) / math.sqrt(len(rows))
        told = 1.0 / (1.0 + math.exp(min(500.0, -raw * self._scale)))
        if told < least:
            return Opinion((told, *_NOTHING))
        return Opinion((told, *self._others(runs, parts)))

    def _others(self, runs: tuple[Buckets, ...], parts: list[list[int]]) -> list[float]:
        total = self._biases.copy()
        for buckets in runs:
            if buckets.size:
                weights = self._runs[buckets].sum(axis=0, dtype=np.float32)
                total += weights / math.sqrt(buckets.size)
        rows: list[int] = []
        shares: list[float] = []
        for part in parts:
            rows += part
            shares += [1.0 / math.sqrt(len(part) or 1)] * len(part)
        if rows:
            total += np.array(shares, dtype=np.float32) @ self._weights[rows]
        found: list[float] = (1.0 / (1.0 + np.exp(-total * self._scales))).tolist()
        return found[1:]


def _table(data: bytes, height: int) -> npt.NDArray[np.float16]:
    """Weights as they were stored, without a copy. ContentWrong where they are empty or damaged."""
    wide = len(OUTPUTS)
    flat = np.frombuffer(data, dtype="<f2")
    if height < 2 or flat.size != wide * height or not flat.any() or not np.isfinite(flat).all():
        raise ContentWrong("the screening model is empty or damaged: run.py safeguarding train")
    return flat.reshape(height, wide)


def group_of(language: Language | None, romanised: bool) -> Group:
    """The way of writing whose limits hold for a message; Malay where no word gave it away."""
    return "romanised" if romanised else language or "ms"


def load(path: Path = PATH) -> Model:
    """The model of a file. ContentWrong as for `stored`."""
    return Model(stored(path))


def stored(path: Path = PATH) -> Stored:
    """What is in the file. ContentWrong where it is missing, cut short, altered, or of another
    version."""
    try:
        data = path.read_bytes()
    except OSError as error:
        kind = type(error).__name__
        raise ContentWrong(
            f"the screening model cannot be read ({kind}): run.py safeguarding train"
        ) from error
    digest, body = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        raise ContentWrong("the screening model is damaged: run.py safeguarding train")
    try:
        found = msgspec.msgpack.decode(body, type=Stored)
    except msgspec.ValidationError:
        found = None
    if found is None or found.version != VERSION:
        raise ContentWrong("the screening model is of another version: run.py safeguarding train")
    return found


def save(stored: Stored, path: Path = PATH) -> None:
    """Write the file, whole or not at all."""
    body = msgspec.msgpack.encode(stored)
    part = path.with_suffix(".part")
    part.write_bytes(hashlib.sha256(body).digest() + body)
    part.replace(path)
