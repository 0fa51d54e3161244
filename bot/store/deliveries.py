"""What is on its way to an intake elsewhere: a row for the report, each further message, and the
wish to take it back.

States: `waiting`; `parked` (refused, with a reason, until somebody looks); `done` and `cancelled`
are the end. Within a case the report goes first, then its messages in order. Reports and messages
are not sent any more once the child wants them back; the withdrawal waits only for a call that is
still under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from bot.store import keys
from bot.store.database import Row, Tx
from bot.store.report_rows import Urgency

Kind = Literal["report", "message", "withdraw"]
PART: Final = 4_096
"""Characters of one message to an intake; a longer line goes in several."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row to deliver. `attempts` counts the tries that were begun, this one included.

    `line` and `part`: which piece of which line of the child's a message is; None where it tells of
    changed facts.
    """

    id: str
    case: str
    kind: Kind
    created_at: int
    attempts: int
    urgency: Urgency
    line: str | None
    part: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """A row that the intake refused. Times are µs UTC."""

    id: str
    case: str
    reference: str
    kind: Kind
    reason: str
    created_at: int
    alarmed_at: int | None


@dataclass(frozen=True, slots=True)
class Late:
    """A report that no intake has confirmed in time, and what was done about it so far."""

    id: str
    case: str
    urgency: Urgency
    drill: bool
    sent_at: int
    told_at: int | None
    alarmed_at: int | None


def add_report(tx: Tx, case: str, *, now: int, due_at: int) -> None:
    """The report goes out from `due_at` (µs UTC) on; its id is the case's."""
    _add(tx, case, case, "report", now=now, due_at=due_at)


def add_message(tx: Tx, id: str, case: str, *, line: str, part: int, now: int) -> None:
    """A piece of a line of the child's goes out, after all that was added before."""
    _add(tx, id, case, "message", now=now, due_at=now, line=line, part=part)


def add_note(tx: Tx, id: str, case: str, text: str, *, now: int) -> None:
    """Changed facts go out as a message; kept sealed with the case's key, for they may hold words
    of the child's.
    """
    sealed = keys.get(tx, case).seal(text.encode(), f"deliveries.body/{id}")
    _add(tx, id, case, "message", now=now, due_at=now, body=sealed)


def add_withdraw(tx: Tx, id: str, case: str, *, now: int) -> None:
    """The child wants it back: what has not left yet stays here, and the intake is asked."""
    tx.execute("deliveries_cancel", case_id=case)
    _add(tx, id, case, "withdraw", now=now, due_at=now)


def _add(
    tx: Tx, id: str, case: str, kind: Kind, *, now: int, due_at: int,
    line: str | None = None, part: int = 0, body: str | None = None,
) -> None:  # fmt: skip
    tx.execute(
        "delivery_add", id=id, case_id=case, kind=kind, line_id=line, part=part, body=body,
        due_at=due_at, now=now,
    )  # fmt: skip


def begun(tx: Tx, case: str) -> bool | None:
    """Whether a try to deliver the report was ever begun: its words may be elsewhere. None when the
    case goes to no intake elsewhere. Until this transaction ends no try begins.
    """
    row = tx.one("delivery_lock", case_id=case)
    return None if row is None else bool(row["attempts"])


def left(tx: Tx, chat_id: str) -> frozenset[str]:
    """The cases of a chat whose delivery has begun; held so until this transaction ends."""
    rows = tx.all("deliveries_lock", chat_id=chat_id)
    return frozenset(row["case_id"] for row in rows if row["attempts"])


def hasten(tx: Tx, case: str, *, due_at: int) -> None:
    """The report need not wait longer than `due_at`."""
    tx.execute("delivery_hasten", case_id=case, due_at=due_at)


def known(tx: Tx, id: str) -> bool:
    """Whether something that we deliver has this id."""
    return tx.one("delivery_known", id=id) is not None


def lines_apart(tx: Tx, case: str) -> frozenset[str]:
    """Lines that go as messages of their own, and so are no part of the report."""
    return frozenset(row["line_id"] for row in tx.all("deliveries_lines", case_id=case))


def note(tx: Tx, parcel: Parcel) -> str:
    """The text of changed facts. Raises Unreadable."""
    row = tx.one("delivery_body", id=parcel.id)
    sealed = row["body"] if row else ""
    return keys.get(tx, parcel.case).open(sealed, f"deliveries.body/{parcel.id}").decode()


def claim(tx: Tx, *, now: int, limit: int, lease_us: int) -> list[Parcel]:
    """Take up to `limit` rows to deliver, emergencies first; nobody else gets them for `lease_us`.

    Of a case at most one is given out. A row whose lease ran out is given out again.
    """
    rows = tx.all("delivery_next", now=now, most=limit)
    for row in rows:
        tx.execute("delivery_lease", id=row["id"], lease_until=now + lease_us, now=now)
    return [_parcel(row) for row in rows]


def done(tx: Tx, id: str, *, now: int) -> None:
    """The intake has it."""
    tx.execute("delivery_done", id=id, now=now)


def later(tx: Tx, id: str, *, due_at: int, reason: str) -> None:
    """Not delivered: try again from `due_at` (µs UTC) on."""
    tx.execute("delivery_later", id=id, due_at=due_at, reason=reason)


def park(tx: Tx, id: str, *, reason: str) -> None:
    """Refused; it stays, with a reason of ours, until `retry`."""
    tx.execute("delivery_park", id=id, reason=reason)


def retry(tx: Tx, case: str, *, now: int) -> int:
    """What was refused of this case is tried again now; returns how many rows."""
    return tx.execute("deliveries_retry", case_id=case, now=now)


def last_try(tx: Tx, case: str) -> int | None:
    """When the last call that carried words of this case was begun (µs UTC), if one was."""
    row = tx.one("delivery_last_try", case_id=case)
    return row["tried_at"] if row else None


def stuck(tx: Tx) -> list[Stuck]:
    """Everything that was refused, oldest first."""
    return [
        Stuck(
            row["id"], row["case_id"], row["reference"] or row["case_id"],
            cast(Kind, row["kind"]), row["reason"] or "", row["created_at"],
            row["park_alarmed_at"],
        )
        for row in tx.all("deliveries_stuck")
    ]  # fmt: skip


def stuck_alarmed(tx: Tx, id: str, *, now: int) -> None:
    """The operator was told of a refused row."""
    tx.execute("delivery_park_alarmed", id=id, now=now)


def late(tx: Tx, *, emergencies_before: int, others_before: int) -> list[Late]:
    """Reports without a receipt that were handed over before those moments, or were refused, and of
    which somebody has not been told yet.
    """
    found = tx.all("deliveries_late", emergencies=emergencies_before, others=others_before)
    return [
        Late(
            row["id"], row["case_id"], cast(Urgency, row["urgency"]), bool(row["drill"]),
            row["sent_at"], row["late_told_at"], row["late_alarmed_at"],
        )
        for row in found
    ]  # fmt: skip


def late_told(tx: Tx, id: str, *, now: int) -> bool:
    """The child was told. True the first time."""
    return tx.execute("delivery_late_told", id=id, now=now) == 1


def late_alarmed(tx: Tx, id: str, *, now: int) -> None:
    """The operator was told."""
    tx.execute("delivery_late_alarmed", id=id, now=now)


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """(kind, state) -> rows, for metrics and the doctor."""
    return {(row["kind"], row["state"]): row["count"] for row in tx.all("deliveries_counts")}


def oldest(tx: Tx) -> int | None:
    """When the oldest row was added that waits or is parked (µs UTC)."""
    row = tx.one("deliveries_oldest")
    return row["created_at"] if row else None


def emergencies_out(tx: Tx) -> int:
    """Emergencies that were handed over and that no intake has confirmed yet."""
    row = tx.one("deliveries_emergencies")
    return int(row["count"]) if row else 0


def _parcel(row: Row) -> Parcel:
    return Parcel(
        id=row["id"],
        case=row["case_id"],
        kind=cast(Kind, row["kind"]),
        created_at=row["created_at"],
        attempts=row["attempts"] + 1,
        urgency=cast(Urgency, row["urgency"] or "concern"),
        line=row["line_id"],
        part=row["part"],
    )
