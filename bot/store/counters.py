"""Numbers that grow: how many messages of a month were billed."""

from __future__ import annotations

from bot.store.database import Tx


def add(tx: Tx, name: str, by: int) -> None:
    """Count `by` more."""
    tx.execute("counter_add", name=name, by=by)


def get(tx: Tx, name: str) -> int:
    """The count; 0 for one that never began."""
    row = tx.one("counter_get", name=name)
    return int(row["value"]) if row else 0
