"""Events that could not be handled, sealed with the master key, until somebody looked at them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Incident:
    """`event` is what was being handled; it does not print. Times are µs UTC."""

    id: str
    kind: str
    chat_id: str | None
    event: bytes = field(repr=False)
    created_at: int
    expires_at: int


def add(
    tx: Tx, *, id: str, kind: str, chat_id: str | None, event: bytes, now: int, expires_at: int
) -> None:
    """Keep one. `kind` is a word of ours, never a user's."""
    sealed = tx.vault.seal(event, f"incidents/{id}")
    tx.execute(
        "incident_add",
        id=id,
        kind=kind,
        chat_id=chat_id,
        event=sealed,
        now=now,
        expires_at=expires_at,
    )


def all(tx: Tx) -> list[Incident]:
    """Every incident, oldest first. Raises Unreadable."""
    return [
        Incident(
            id=row["id"],
            kind=row["kind"],
            chat_id=row["chat_id"],
            event=tx.vault.open(row["event"], f"incidents/{row['id']}"),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
        for row in tx.all("incidents_all")
    ]


def purge(tx: Tx, *, now: int) -> int:
    """Delete those whose time is over; returns how many."""
    return tx.execute("incidents_purge", now=now)


def count(tx: Tx) -> int:
    """How many are kept; they need not be readable."""
    row = tx.one("incidents_count")
    return int(row["count"]) if row else 0


def drop_chat(tx: Tx, chat_id: str) -> int:
    """The errors a chat's messages raised, with the messages; returns how many."""
    return tx.execute("incidents_drop_chat", chat_id=chat_id)
