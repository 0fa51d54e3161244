"""A shift lasts as long as one of a person's sessions. Its end gives their reports to the queue.

Beside the sessions stands one row a person, "shift/<id>", which ends with the latest of them: any
process can ask whether somebody who holds a report is still here (care.md, 11).
"""

from __future__ import annotations

from typing import Final

from bot.conversation.ids import Ids
from bot.store import reports
from bot.store import staff as accounts
from bot.store.database import Tx

MINUTE_US: Final = 60_000_000
SESSION_US: Final = 12 * 60 * MINUTE_US
IDLE_US: Final = 30 * MINUTE_US
WARNING_US: Final = 5 * MINUTE_US
_STEP_US: Final = MINUTE_US
"""A session is written anew at most this often."""


def renew(tx: Tx, staff: str, token_hash: str, *, started: int, now: int) -> None:
    """Somebody is at the desk: the session goes on for IDLE_US, to SESSION_US after `started` at
    most.
    """
    until = min(now + IDLE_US, started + SESSION_US)
    for row in (token_hash, _row(staff)):
        if accounts.session(tx, row, now=max(now, until - _STEP_US)) is None:
            accounts.session_close(tx, row)
            accounts.session_open(tx, token_hash=row, staff=staff, expires_at=until)


def end(tx: Tx, staff: str) -> int:
    """Everything the person had taken goes back to the queue; returns how many reports."""
    accounts.session_close(tx, _row(staff))
    return reports.release(tx, staff=staff)


def end_overdue(tx: Tx, *, now: int, ids: Ids) -> int:
    """Ends the shift of everybody who holds a report and is not here any more; returns how many."""
    taken = {row.taken_by for row in reports.queue(tx) if row.taken_by}
    holders = taken - {reports.ELSEWHERE}
    gone = [who for who in sorted(holders) if accounts.session(tx, _row(who), now=now) is None]
    for who in gone:
        detail = f"{end(tx, who)} given back"
        accounts.audit(tx, id=ids.take(), at=now, staff=who, action="shift ended", detail=detail)
    return len(gone)


def _row(staff: str) -> str:
    """A session's own rows are SHA-256 in hex, so this can be none of them."""
    return f"shift/{staff}"
