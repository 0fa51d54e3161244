"""What an intake elsewhere says about a report: a worker's answer, or where the report stands. The
report and what the conversation hears of it are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bot.conversation.events import ReportReceived, ReportStatus, StaffMessage
from bot.host import desk_tell
from bot.host.receive import Host
from bot.messages import Language, Words
from bot.store import deliveries, reports
from bot.store.database import Tx

Result = Literal["taken", "again", "unknown", "ended", "failed"]
Standing = Literal["received", "taken", "waiting", "closed"]
_GONE = frozenset({"withdrawn", "erased"})


async def answer(
    host: Host, case: str, *, once: str, text: Words, language: Language | None
) -> Result:
    """A worker's answer to the child. `once` is the intake's own id for it: a second time it is
    `again`. `ended`: the report is closed, taken back or erased, or its chat is gone. `failed`: the
    conversation could not take it, and nothing was kept.
    """
    now = host.clock()

    def keep(tx: Tx) -> Result:
        # Also an id of our own: a call of ours that is played back to us is no answer.
        if reports.line_known(tx, once) or deliveries.known(tx, once):
            return "again"
        kept = reports.add_words(
            tx, id=once, case=case, now=now, text=text, language=language, sender="worker",
            staff=reports.ELSEWHERE,
        )  # fmt: skip
        if kept:
            _is_there(tx, case, now)
            _read(tx, case, now)
        return "taken" if kept else "ended"

    came: list[Result] = []
    told = await desk_tell.tell(host, StaffMessage(once, case), _noting(keep, case, came))
    match told:
        case "taken":
            return "taken"
        case "seen":
            return "again"
        case "raised":
            return "failed"
    return came[0] if came else await host.store.run(lambda tx: _standing(tx, case) or "ended")


async def status(host: Host, case: str, *, once: str, standing: Standing) -> Result:
    """Where the report stands there. `once` as above; a report that is over stays so."""
    now = host.clock()

    def take(tx: Tx) -> Result:
        _set(tx, case, standing, now)
        return "taken"

    event: ReportReceived | ReportStatus
    event = (
        ReportReceived(once, case) if standing == "received" else ReportStatus(once, case, standing)
    )
    came: list[Result] = []
    first = _noting(take, case, came)
    told = await desk_tell.tell(host, event, first)
    if told == "seen":
        return "again"
    if told == "taken":
        return "taken"
    if told == "stopped" and came:
        return came[0]
    # The conversation is gone or cannot be read; where the report stands is worth keeping alone.
    await host.store.run(first)
    return came[-1]


def _noting(deed: Callable[[Tx], Result], case: str, came: list[Result]) -> Callable[[Tx], bool]:
    """The deed where the report is open; what came of it is noted, and anything else undone."""

    def first(tx: Tx) -> bool:
        result = _standing(tx, case) or deed(tx)
        came[:] = [result]
        return result == "taken"

    return first


def _standing(tx: Tx, case: str) -> Result | None:
    """Why nothing can be said about the report any more, or None."""
    found = reports.status(tx, case)
    if found is None or found == "draft":
        return "unknown"
    return "ended" if found == "closed" or found in _GONE else None


def _set(tx: Tx, case: str, standing: Standing, now: int) -> None:
    _is_there(tx, case, now)
    match standing:
        case "taken":
            _read(tx, case, now)
        case "waiting":
            reports.take(tx, case, staff=reports.ELSEWHERE, now=now)
            reports.wait(tx, case)
        case "closed":
            reports.close(tx, case, now=now, staff=reports.ELSEWHERE)


def _is_there(tx: Tx, case: str, now: int) -> None:
    """Whoever speaks of a report has it, also where the receipt was lost."""
    deliveries.done(tx, case, now=now)
    reports.received(tx, case, now=now)


def _read(tx: Tx, case: str, now: int) -> None:
    """Somebody has it: it can no longer be taken back."""
    reports.take(tx, case, staff=reports.ELSEWHERE, now=now)
    reports.mark_read(tx, case, now=now)
