"""What stands on a user's screen, by the platform's own ids, so that *hide* can delete it."""

from __future__ import annotations

from bot.store import keys
from bot.store.database import Row, Tx


def heard(tx: Tx, chat_id: str, message_id: str, *, now: int) -> None:
    """A user's message stands on the screen under that id."""
    tx.execute("heard_add", chat_id=chat_id, message_id=message_id, now=now)


def shown(tx: Tx, chat_id: str, *, since: int) -> list[str]:
    """What the platform calls the messages of both sides that came since then (µs UTC)."""
    theirs = [row["message_id"] for row in tx.all("heard_since", chat_id=chat_id, since=since)]
    rows = tx.all("outbox_shown", chat_id=chat_id, since=since)
    return theirs + [_opened(tx, chat_id, row) for row in rows]


def removed(tx: Tx, chat_id: str, *, upto: int) -> None:
    """The messages of both sides that came up to then (µs UTC) were deleted from the screen."""
    tx.execute("heard_clear", chat_id=chat_id, upto=upto)
    tx.execute("outbox_removed", chat_id=chat_id, upto=upto)


def _opened(tx: Tx, chat_id: str, row: Row) -> str:
    sealed = keys.get(tx, chat_id).open(row["platform_id"], f"outbox.platform_id/{row['id']}")
    return sealed.decode()


def purge(tx: Tx, *, before: int) -> int:
    """Forget what users' messages were called that came before `before` (µs UTC); returns how
    many.
    """
    return tx.execute("heard_purge", before=before)
