"""A lawful hold on a report: nothing erases it until the hold ends (care.md, 10)."""

from __future__ import annotations

from bot.store.database import Tx


def put(tx: Tx, case: str, *, now: int) -> bool:
    """False where there was one already, or nothing is left to hold."""
    return tx.execute("report_hold", case_id=case, now=now) == 1


def end(tx: Tx, case: str) -> bool:
    """The time of keeping counts again as ever. False where there was no hold."""
    return tx.execute("report_unhold", case_id=case) == 1
