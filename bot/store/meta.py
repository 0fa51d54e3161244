"""Small facts about the whole, by name."""

from __future__ import annotations

from bot.store.database import Tx


def get(tx: Tx, name: str) -> str | None:
    """The value, or None."""
    row = tx.one("meta_get", name=name)
    return str(row["value"]) if row else None


def put(tx: Tx, name: str, value: str) -> None:
    """Keep a value; it replaces the one before."""
    tx.execute("meta_set", name=name, value=value)
