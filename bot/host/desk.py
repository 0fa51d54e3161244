"""What a person at the desk can do with a report: a deed is one transaction with its audit line.

A deed the conversation must hear of (taken, answered, closed) goes through `Host.happened`: the
report, the audit line and the child's state are written together or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Literal

from bot.conversation.events import ReportStatus, StaffMessage
from bot.conversation.ids import Ids
from bot.host import desk_reading, desk_tell
from bot.host.receive import Host
from bot.host.staff import Seat
from bot.messages import Language, Words
from bot.store import reports
from bot.store import staff as accounts
from bot.store.database import Tx

REPLY_LIMIT: Final = 4_096
Result = Literal["done", "again", "gone", "held", "not_yours", "closed", "failed"]
Deed = Callable[[Tx, reports.ReportRow], Result]


async def claim(host: Host, seat: Seat, case: str) -> Result:
    """The report is this person's now. `held`: somebody else has it."""

    def take(tx: Tx, row: reports.ReportRow) -> Result:
        if row.taken_by == seat.id:
            return "again"
        return "done" if reports.take(tx, case, staff=seat.id, now=now) else "held"

    now = host.clock()
    return await _do(host, seat, case, "claimed", ReportStatus(_id(host), case, "taken"), take)


async def release(host: Host, seat: Seat, case: str) -> Result:
    """Back to the queue; only the holder or a supervisor may."""

    def give_back(tx: Tx, row: reports.ReportRow) -> Result:
        if row.taken_by is None:
            return "again"
        if not _may_act(seat, row):
            return "not_yours"
        reports.release_one(tx, case)
        return "done"

    return await _do(host, seat, case, "released", None, give_back)


async def reply(
    host: Host, seat: Seat, case: str, *, once: str, text: Words, language: Language | None
) -> Result:
    """An answer to the child. `once` is the form's own id: posted twice, it is one answer.

    `failed`: the chat is gone or the conversation could not take it; nothing was kept.
    """
    now = host.clock()

    def answer(tx: Tx, row: reports.ReportRow) -> Result:
        if not _may_act(seat, row):
            return "not_yours"
        kept = reports.add_words(
            tx, id=once, case=case, now=now, text=text, language=language, sender="worker",
            staff=seat.id,
        )  # fmt: skip
        return "done" if kept else "closed"

    event = StaffMessage(once, case)
    return await _do(host, seat, case, "answered", event, answer, alone=False)


async def close(host: Host, seat: Seat, case: str, *, reason: str) -> Result:
    """The work is done; `reason` is a code of the desk, never free text."""
    now = host.clock()

    def shut(tx: Tx, row: reports.ReportRow) -> Result:
        if not _may_act(seat, row):
            return "not_yours"
        return "done" if reports.close(tx, case, now=now, staff=seat.id) else "closed"

    event = ReportStatus(_id(host), case, "closed")
    return await _do(host, seat, case, "closed", event, shut, detail=reason)


async def _do(
    host: Host,
    seat: Seat,
    case: str,
    action: str,
    event: ReportStatus | StaffMessage | None,
    deed: Deed,
    *,
    detail: str = "",
    alone: bool = True,
) -> Result:
    """The deed and its audit line, and the event when the deed was done.

    `alone`: the deed is also worth doing when the conversation cannot hear of it.
    """
    now, line = host.clock(), _id(host)
    came: list[Result] = []

    def act(tx: Tx) -> bool:
        filed = desk_reading.filed(tx, case)
        if filed is None or filed.row.status == "draft":
            result: Result = "gone"
        elif filed.row.status not in desk_reading.OPEN:
            result = "closed"
        else:
            result = deed(tx, filed.row)
        if result == "done":
            accounts.audit(
                tx, id=line, at=now, staff=seat.id, action=action, case=case, detail=detail
            )
        came[:] = [result]
        return result == "done"

    told: desk_tell.Told = "stopped" if event is None else await desk_tell.tell(host, event, act)
    if told == "seen":
        return "again"
    refused = told == "stopped" and came
    if told != "taken" and not refused:
        if not alone:
            return "failed"
        await host.store.run(act)
    return came[0]


def _may_act(seat: Seat, row: reports.ReportRow) -> bool:
    return row.taken_by == seat.id or seat.supervisor


def _id(host: Host) -> str:
    return Ids(host.clock(), os.urandom(16)).take()
