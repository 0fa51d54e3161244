"""A report read at the server's own console: put on record like a reading at the desk."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from bot.conversation.events import ReportStatus
from bot.conversation.ids import Ids
from bot.handoff import packet
from bot.host.receive import Host
from bot.store import deliveries, reports
from bot.store import staff as accounts
from bot.store.database import Store, Tx


async def report(host: Host, reference: str, *, words: bool, who: str) -> dict[str, Any] | None:
    """One report as plain JSON values, or None.

    The words only when asked for: the conversation hears that a person has read them, and the
    audit gets its line, before they are returned.
    """
    found = await host.store.run(lambda tx: reports.by_reference(tx, reference.upper()))
    if found is None or found.row.status == "draft":
        return None
    if words:
        await put_on_record(host, found.row.case, who)
    return await host.store.run(lambda tx: _shown(tx, found.row.case, words))


async def retry(store: Store, reference: str, *, now: int) -> int | None:
    """Try again what the intake refused of a report, by its reference or its id; a server that runs
    takes it up within a second. Returns how many rows, or None where there is no such report.
    """

    def again(tx: Tx) -> int | None:
        found = reports.case_of(tx, reference)
        return None if found is None else deliveries.retry(tx, found, now=now)

    return await store.run(again)


async def put_on_record(host: Host, case: str, who: str) -> None:
    """A person has read it: the audit gets its line, and the conversation hears of it."""
    now = host.clock()
    ids = Ids(now, os.urandom(16))
    event, line = ReportStatus(ids.take(), case, "read"), ids.take()

    def record(tx: Tx) -> bool:
        accounts.audit(tx, id=line, at=now, staff=who, action="read at the console", case=case)
        reports.mark_read(tx, case, now=now)
        return True

    await host.happened(event, first=record)


def _shown(tx: Tx, case: str, words: bool) -> dict[str, Any] | None:
    found = reports.get(tx, case)
    if found is None:
        return None
    facts = msgspec.json.decode(found.facts) if found.facts else {}
    row: dict[str, Any] = {"status": found.row.status, **facts}
    return packet.packet(row, reports.words(tx, case)) if words else row
