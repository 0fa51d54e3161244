"""Come-back words of a web child: a hash for each reference, and how often a guess was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Return:
    """`words_hash` is an argon2 hash; `last_miss_at` is µs UTC. The caller slows guessing down by
    these counts.
    """

    reference: str
    case: str
    chat_id: str
    words_hash: str = field(repr=False)
    misses: int
    last_miss_at: int | None


def add(tx: Tx, *, reference: str, case: str, chat_id: str, words_hash: str) -> None:
    """Words for a reference; new words replace the old ones."""
    tx.execute(
        "return_add", reference=reference, case_id=case, chat_id=chat_id, words_hash=words_hash
    )


def get(tx: Tx, reference: str) -> Return | None:
    """What is kept for the reference, or None."""
    row = tx.one("return_get", reference=reference)
    if row is None:
        return None
    return Return(
        row["reference"],
        row["case_id"],
        row["chat_id"],
        row["words_hash"],
        row["misses"],
        row["last_miss_at"],
    )


def miss(tx: Tx, reference: str, *, now: int) -> None:
    """Somebody gave wrong words."""
    tx.execute("return_miss", reference=reference, now=now)


def clear(tx: Tx, reference: str) -> None:
    """The right words came: the misses are forgotten."""
    tx.execute("return_clear", reference=reference)
