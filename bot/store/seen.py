"""Events handled already, as keyed hashes: a platform's message id may hold a phone number."""

from __future__ import annotations

from bot.store.database import Tx


def first_time(tx: Tx, source: str, event_id: str, *, now: int) -> bool:
    """True exactly once for an event of a source (a channel, or a chat of it); `now` is µs UTC."""
    current, *older = tx.vault.find_hashes("seen", f"{source}\0{event_id}")
    if any(tx.one("seen_get", hash=found) for found in older):
        return False
    return tx.execute("seen_add", hash=current, at=now) == 1


def purge(tx: Tx, *, before: int) -> int:
    """Forget events handled before `before` (µs UTC); returns how many."""
    return tx.execute("seen_purge", before=before)
