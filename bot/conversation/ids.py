"""Ids drawn before a transaction, so that a rerun gives the same ones: no chance inside the
engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
_RUDE = frozenset({"WTF", "FCK", "FKN", "STF", "KKK", "BCH", "PKM", "CNT"})
"""Not what a hurt child should have to quote."""
_SHORT_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Ids:
    """Ids and picks for one turn, all from one `seed` of at least 16 random bytes. The same seed
    gives the same row.
    """

    def __init__(self, now_us: int, seed: bytes) -> None:
        if len(seed) < 16:
            raise ValueError("a seed needs 16 bytes or more")
        self._ms = max(now_us // 1000, 0) & ((1 << 48) - 1)
        self._seed = seed
        self._drawn = 0

    def _draw(self) -> int:
        """The next 256 bits."""
        self._drawn += 1
        block = hashlib.sha256(self._seed + self._drawn.to_bytes(4, "big")).digest()
        return int.from_bytes(block, "big")

    def take(self) -> str:
        """A UUIDv7 (RFC 9562) in lower case."""
        bits = self._draw()
        value = (
            self._ms << 80
            | 7 << 76
            | (bits & 0xFFF) << 64
            | 2 << 62
            | (bits >> 12) & ((1 << 62) - 1)
        )
        text = f"{value:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def short(self) -> str:
        """Six letters for a tap's token: enough that another chat's token never fits by luck."""
        bits = self._draw()
        return "".join(_SHORT_LETTERS[(bits >> 8 * i) % len(_SHORT_LETTERS)] for i in range(6))

    def reference(self) -> str:
        """A report's reference as in report.schema.json: no vowels, nothing easily confused."""
        bits = self._draw()
        letters = [REFERENCE_LETTERS[(bits >> 8 * i) % len(REFERENCE_LETTERS)] for i in range(6)]
        made = "".join(letters[:3]) + "-" + "".join(letters[3:])
        return self.reference() if _RUDE & set(made.split("-")) else made

    def pick(self, rows: Sequence[T], count: int) -> tuple[T, ...]:
        """`count` different rows, in drawn order; `rows` must hold that many."""
        left = list(rows)
        return tuple(left.pop(self._draw() % len(left)) for _ in range(count))
