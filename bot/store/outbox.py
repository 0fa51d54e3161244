"""Messages on their way out. Order holds per chat within a lane; lanes never wait for each other.

States: `waiting` and `held` are unsent; `sent`, `superseded`, `cancelled`, `expired` and `parked`
are the end, and a row that has come to an end keeps no body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import msgspec

from bot.errors import Unreadable
from bot.messages import ChannelName, Chat, Lane, Outgoing
from bot.store import chats, keys, sends
from bot.store.database import Row, Tx
from bot.store.vault import DataKey

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Outgoing).decode


@dataclass(frozen=True, slots=True)
class Due:
    """A row to send. `attempts` counts the tries that were begun, this one included when it came
    from `claim`.
    """

    id: str
    chat_id: str
    chat: Chat
    seq: int
    lane: Lane
    turn: int
    profile: str | None
    outgoing: Outgoing
    attempts: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Who sends a row that is being written: `worker` has it until `until` (µs UTC)."""

    worker: str
    until: int


@dataclass(frozen=True, slots=True)
class Place:
    """A chat's address and key, and the number of its next message."""

    chat: Chat
    key: DataKey = field(repr=False)
    seq: int


def add(
    tx: Tx,
    *,
    id: str,
    chat_id: str,
    profile: str | None,
    turn: int,
    lane: Lane,
    outgoing: Outgoing,
    now: int,
    expires_at: int,
    held: bool = False,
    claim: Claim | None = None,
    place: Place | None = None,
) -> Due:
    """Queue one message. Times are µs UTC; its `seq` is its number within the chat (from 1, no two
    alike).

    `held`: it waits for `release`. `claim`: whoever writes it sends it, unless an earlier row of
    its lane waits; then, and without a claim, `attempts` is 0 and it is there for everybody.
    `place`: where whoever holds the chat has found it, and counts the numbers. Raises Unreadable
    when there is no such chat.
    """
    at = place or _next_place(tx, chat_id)
    row = tx.one(
        "outbox_add",
        id=id,
        chat_id=chat_id,
        channel=at.chat.channel,
        seq=at.seq,
        lane=lane,
        turn=turn,
        profile=profile,
        state="held" if held else "waiting",
        body=at.key.seal(_encode(outgoing), f"outbox.body/{id}"),
        now=now,
        expires_at=expires_at,
        worker=claim.worker if claim else None,
        lease_until=claim.until if claim else 0,
    )
    claimed = bool(row and row["lease_until"])
    return Due(id, chat_id, at.chat, at.seq, lane, turn, profile, outgoing, int(claimed))


def _next_place(tx: Tx, chat_id: str) -> Place:
    row = tx.one("outbox_number", chat_id=chat_id)
    if row is None:
        raise Unreadable("no such chat")
    key = keys.unwrapped(tx, chat_id, row["wrapped"])
    return Place(chats.address(tx, chat_id, row), key, int(row["seq"]))


def supersede(tx: Tx, chat_id: str, *, turn: int) -> int:
    """Unsent rows of the lane normal from turns before `turn` are not sent any more; returns how
    many.
    """
    return tx.execute("outbox_supersede", chat_id=chat_id, turn=turn)


def hush(tx: Tx, chat_id: str) -> int:
    """Nothing unsent of this chat goes out: the relay is held, all else cancelled. Returns how many
    were.
    """
    tx.execute("outbox_never_again", chat_id=chat_id)
    return tx.execute("outbox_hold_relay", chat_id=chat_id) + tx.execute(
        "outbox_cancel", chat_id=chat_id
    )


def drop_notices(tx: Tx, chat_id: str) -> int:
    """What unsent rows of the lane relay tell of is being shown now: they are not sent any more.
    Returns how many.
    """
    return tx.execute("outbox_drop_notices", chat_id=chat_id)


def cancel_profile(tx: Tx, chat_id: str, *, profile: str | None) -> int:
    """The same for the rows of one profile (None: of the rows that belong to none)."""
    tx.execute("outbox_never_again", chat_id=chat_id)
    of = {"chat_id": chat_id, "profile": profile or ""}
    return tx.execute("outbox_hold_relay_of", **of) + tx.execute("outbox_cancel_of", **of)


def release(tx: Tx, chat_id: str, *, profile: str | None) -> int:
    """Held rows of whoever is here may go; returns how many."""
    return tx.execute("outbox_release", chat_id=chat_id, profile=profile or "")


def expire(tx: Tx, *, channels: Iterable[ChannelName], now: int) -> int:
    """Unsent rows past their time are not sent any more, unless one is being sent right now.
    `claim` does it too.
    """
    return sum(tx.execute("outbox_expire", channel=channel, now=now) for channel in channels)


def claim(
    tx: Tx, *, channels: Iterable[ChannelName], now: int, limit: int, worker: str, lease_us: int
) -> list[Due]:
    """Take up to `limit` rows to send, care first; nobody else gets them for `lease_us`.

    A row waits behind an earlier waiting one of its chat and lane, so of those at most one is given
    out. A row whose lease ran out is given out again. A row that cannot be read is parked.
    """
    taken: list[Due] = []
    for channel in channels:
        tx.execute("outbox_expire", channel=channel, now=now)
        for row in tx.all("outbox_next", channel=channel, now=now, most=limit - len(taken)):
            tx.execute("outbox_lease", id=row["id"], lease_until=now + lease_us, worker=worker)
            due = _due(tx, row, tries=1)
            if due is not None:
                taken.append(due)
    return taken


def still_wanted(tx: Tx, id: str) -> bool:
    """Ask just before sending: False once the row was cancelled, held, superseded or ended."""
    return tx.one("outbox_wanted", id=id) is not None


def pending(tx: Tx, chat_id: str, *, after: int) -> list[Due]:
    """Waiting rows numbered above `after`, in order, for a stream that shows all lanes; held rows
    are not among them.
    """
    found = (
        _due(tx, row, tries=0) for row in tx.all("outbox_pending", chat_id=chat_id, after=after)
    )
    return [due for due in found if due is not None]


def acknowledge(tx: Tx, chat_id: str, *, upto: int, now: int) -> int:
    """The browser has shown every row up to number `upto`; returns how many became sent."""
    return tx.execute("outbox_acknowledge", chat_id=chat_id, upto=upto, now=now)


def next_number(tx: Tx, chat_id: str) -> int:
    """The number the chat's next row will have; no page can have seen it yet."""
    row = tx.one("outbox_next_number", chat_id=chat_id)
    return int(row["next_seq"]) if row else 0


def purge(tx: Tx, *, before: int) -> int:
    """Delete ended rows that were made before `before` (µs UTC); returns how many."""
    return tx.execute("outbox_purge", before=before)


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """(channel, state) -> rows, for metrics and the doctor."""
    return {(row["channel"], row["state"]): row["count"] for row in tx.all("outbox_counts")}


def _due(tx: Tx, row: Row, *, tries: int) -> Due | None:
    """The row as it is sent; one that cannot be read is parked, so that it does not stop all
    others.
    """
    try:
        return _read(tx, row, tries=tries)
    except (Unreadable, msgspec.MsgspecError):
        sends.park(tx, row["id"], reason="unreadable")
        return None


def _read(tx: Tx, row: Row, *, tries: int) -> Due:
    key = keys.unwrapped(tx, row["chat_id"], row["wrapped"])
    return Due(
        id=row["id"],
        chat_id=row["chat_id"],
        chat=chats.address(tx, row["chat_id"], row),
        seq=row["seq"],
        lane=cast(Lane, row["lane"]),
        turn=row["turn"],
        profile=row["profile"],
        outgoing=_decode(key.open(row["body"], f"outbox.body/{row['id']}")),
        attempts=row["attempts"] + tries,
    )
