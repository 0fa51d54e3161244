"""What a person at the desk sees: the queue, one report with its words, the audit lines.

A reading is on record before a word is returned: the audit line, the read mark and what the
conversation hears of it are one transaction.
"""

from __future__ import annotations

import logging
import os
from typing import Any, Final

import msgspec

from bot.conversation.events import ReportStatus
from bot.conversation.ids import Ids
from bot.errors import Unreadable
from bot.host import desk_tell, shift
from bot.host.receive import Host
from bot.host.staff import Seat
from bot.store import deliveries, reports, sends
from bot.store import staff as accounts
from bot.store.database import Tx
from bot.store.deliveries import Stuck

log = logging.getLogger(__name__)

AUDIT_LINES: Final = 500
OPEN: Final = frozenset({"sent", "received", "taken", "waiting"})
READABLE: Final = OPEN | {"closed"}


class Filed(msgspec.Struct, frozen=True):
    """A report without its words: its row, and the facts of its packet (empty once erased)."""

    row: reports.ReportRow
    facts: dict[str, Any]


class Opened(msgspec.Struct, frozen=True):
    """A report as one person reads it; `fresh` are the lines nobody had read before."""

    filed: Filed
    lines: list[reports.Line]
    fresh: frozenset[str]
    names: dict[str, str]


class Queue(msgspec.Struct, frozen=True):
    """The open reports in their order; `names` says who is behind an id of staff; `stuck` is what
    an intake elsewhere refused; `unsent` what a platform did: channel, reason, messages.
    """

    rows: list[Filed]
    names: dict[str, str]
    stuck: list[Stuck] = []
    unsent: list[tuple[str, str, int]] = []


class Audits(msgspec.Struct, frozen=True):
    """The newest audit lines, newest first; `references` of their cases."""

    lines: list[accounts.Audit]
    names: dict[str, str]
    references: dict[str, str]


async def queue(host: Host) -> Queue:
    """All open reports without their words. Whoever has left holds none of them any more."""
    now, seed = host.clock(), os.urandom(16)

    def look(tx: Tx) -> Queue:
        shift.end_overdue(tx, now=now, ids=Ids(now, seed))
        rows = [_listed(tx, row) for row in reports.queue(tx)]
        return Queue(rows, _names(tx), deliveries.stuck(tx), sends.parked(tx))

    return await host.store.run(look)


async def find(host: Host, reference: str) -> str | None:
    """The id of the report with that reference, or None."""

    def look(tx: Tx) -> str | None:
        report = reports.by_reference(tx, reference)
        return report.row.case if report else None

    return await host.store.run(look)


async def audits(host: Host) -> Audits:
    """Who did what."""

    def look(tx: Tx) -> Audits:
        lines = accounts.audits(tx)[: -AUDIT_LINES - 1 : -1]
        cases = {line.case for line in lines if line.case}
        return Audits(lines, _names(tx), {case: _reference(tx, case) for case in cases})

    return await host.store.run(look)


async def read(host: Host, seat: Seat, case: str) -> Opened | None:
    """Opens a report: on record before a word of it is returned. None when there is none.

    The conversation hears of it in the same transaction: the report can no longer be taken back.
    """
    now, seed = host.clock(), os.urandom(16)
    seen: list[Opened | None] = []

    def look(tx: Tx) -> None:
        seen[:] = [_read(tx, seat, case, now=now, line=Ids(now, seed).take())]

    def first(tx: Tx) -> bool:
        unread = _has_unread(tx, case)
        look(tx)
        return unread

    if await desk_tell.tell(host, ReportStatus(_id(host), case, "read"), first) != "taken":
        await host.store.run(look)
    return seen[0]


def _read(tx: Tx, seat: Seat, case: str, *, now: int, line: str) -> Opened | None:
    if _draft_or_none(tx, case):
        return None
    accounts.audit(tx, id=line, at=now, staff=seat.id, action="read", case=case)
    # Marked before it is looked at: a report that is taken back meanwhile shows no words.
    reports.mark_read(tx, case, now=now)
    found = filed(tx, case)
    lines = reports.words(tx, case)
    fresh = frozenset(line.id for line in lines if line.read_at == now)
    return Opened(found, lines, fresh, _names(tx)) if found else None


def _draft_or_none(tx: Tx, case: str) -> bool:
    found = filed(tx, case)
    return found is None or found.row.status == "draft"


def _has_unread(tx: Tx, case: str) -> bool:
    found = filed(tx, case)
    if found is None or found.row.status not in READABLE:
        return False
    return found.row.read_at is None or found.row.unread > 0


def filed(tx: Tx, case: str) -> Filed | None:
    """One report without its words, or None. Raises Unreadable."""
    report = reports.get(tx, case)
    if report is None:
        return None
    return Filed(report.row, msgspec.json.decode(report.facts) if report.facts else {})


def _listed(tx: Tx, row: reports.ReportRow) -> Filed:
    """A damaged report stays in the list, without its facts: it must not hide the others."""
    try:
        return filed(tx, row.case) or Filed(row, {})
    except Unreadable:
        log.error("the facts of report %s cannot be read", row.case)
        return Filed(row, {})


def _reference(tx: Tx, case: str) -> str:
    try:
        report = reports.get(tx, case)
    except Unreadable:
        return case
    return (report.row.reference if report else None) or case


def _names(tx: Tx) -> dict[str, str]:
    return {person.id: person.name for person in accounts.all(tx)}


def _id(host: Host) -> str:
    return Ids(host.clock(), os.urandom(16)).take()
