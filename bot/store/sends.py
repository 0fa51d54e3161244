"""What became of a row of the outbox that was being sent."""

from __future__ import annotations

from bot.messages import ChannelName
from bot.store import keys
from bot.store.database import Tx

USERS_CHOICE = ("blocked by the user", "no such chat", "not reachable", "failed: not reachable")
"""How the reasons begin that no operator can mend."""


def sent(tx: Tx, id: str, *, now: int, platform_id: str | None = None) -> bool:
    """The platform has it. `platform_id` is kept to delete the message by; it is sealed, as it may
    hold a phone number.

    A row that was cancelled or held while it was being sent counts as sent, and False says so: it
    should not be on the screen.
    """
    sealed = None if platform_id is None else _sealed_platform_id(tx, id, platform_id)
    if tx.execute("outbox_sent", id=id, now=now, platform_id=sealed):
        return True
    row = tx.one("outbox_state", id=id)
    tx.execute("outbox_sent_late", id=id, now=now, platform_id=sealed)
    return row is not None and row["state"] not in ("cancelled", "held")


def later(tx: Tx, id: str, *, due_at: int, attempts: int, unreachable: bool = False) -> None:
    """Not sent after so many tries: try again from `due_at` (µs UTC) on. `unreachable`: or as soon
    as the platform answers again (`hasten`).
    """
    reason = "unreachable" if unreachable else None
    tx.execute("outbox_later", id=id, due_at=due_at, attempts=attempts, reason=reason)


def hasten(tx: Tx, channel: ChannelName, *, now: int) -> int:
    """The platform answers again: what only waited for that is due; returns how many."""
    return tx.execute("outbox_hasten", channel=channel, now=now)


def await_user(tx: Tx, id: str) -> None:
    """Nothing may be sent before the user has written again."""
    tx.execute("outbox_await_user", id=id)


def user_wrote(tx: Tx, chat_id: str, *, now: int) -> int:
    """The user has written: what waited for that is due; returns how many."""
    return tx.execute("outbox_user_wrote", chat_id=chat_id, now=now)


def again(tx: Tx, id: str, *, due_at: int) -> bool:
    """The platform took it and then lost it: try again from `due_at` (µs UTC) on, unless something
    newer took its place or its body is gone.
    """
    return tx.execute("outbox_again", id=id, due_at=due_at) == 1


def unarrived(tx: Tx, id: str, *, reason: str, final: bool) -> tuple[str, int] | None:
    """The platform took it, and it can never arrive. Gives the chat's id; None for a row that is
    not known.
    """
    tx.execute("outbox_unarrived", id=id, reason=reason, final=int(final))
    row = tx.one("outbox_chat", id=id)
    return None if row is None else (str(row["chat_id"]), int(row["turn"]))


def free(tx: Tx, *, due_at: int) -> list[str]:
    """Nobody is sending: what was being sent when the last process ended is there for everybody
    from `due_at` (µs UTC) on. Gives the rows' ids: each may have gone out or not.
    """
    ids = [row["id"] for row in tx.all("outbox_leased")]
    tx.execute("outbox_free", due_at=due_at)
    return ids


def park(tx: Tx, id: str, *, reason: str) -> bool:
    """It can never be sent. `reason` is ours, for the operator; rows behind it go on. False: it was
    not to be sent any more anyway.
    """
    return tx.execute("outbox_park", id=id, reason=reason) == 1


def drop_bodies(tx: Tx, *, before: int) -> int:
    """Bodies that were kept in case the platform loses the message; returns how many."""
    return tx.execute("outbox_drop_bodies", before=before)


def is_users_choice(reason: str) -> bool:
    """Whether a parked row's reason lies with the user alone."""
    return reason.startswith(USERS_CHOICE)


def parked(tx: Tx) -> list[tuple[str, str, int]]:
    """(channel, reason, rows) of what could not be sent, for the desk and the doctor."""
    rows = tx.all("outbox_parked")
    return [(row["channel"], row["reason"] or "", row["count"]) for row in rows]


def _sealed_platform_id(tx: Tx, id: str, platform_id: str) -> str | None:
    """None when the chat was erased meanwhile: then nobody will ask for it."""
    row = tx.one("outbox_chat", id=id)
    if row is None or row["wrapped"] is None:
        return None
    key = keys.unwrapped(tx, row["chat_id"], row["wrapped"])
    return key.seal(platform_id.encode(), f"outbox.platform_id/{id}")
