"""What runs beside the doors again and again, and the sweeping-up."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Final

from bot.conversation.events import ReportStatus, TimerFired
from bot.conversation.ids import Ids
from bot.errors import StoreUnavailable, TemanError
from bot.host import shift
from bot.host.receive import First, Host
from bot.store import incidents, outbox, reports, screens, seen, sends, staff
from bot.store.database import Tx

log = logging.getLogger(__name__)

SECOND_US: Final = 1_000_000
DAY_US: Final = 24 * 3600 * SECOND_US
TICK_S: Final = 1.0
SWEEP_S: Final = 900.0
SEEN_KEPT_US: Final = 9 * 24 * 3600 * SECOND_US
"""Longer than any platform delivers again (WhatsApp: 7 days)."""
BODIES_KEPT_US: Final = 48 * 3600 * SECOND_US
LOST_KEPT_US: Final = 600 * SECOND_US
"""How long the body of a message that was sent is kept, in case the platform loses it."""


async def forever(what: str, work: Callable[[], Awaitable[object]], every_s: float) -> None:
    """Do the work again and again until cancelled; a failure is logged by its kind, and the next
    round comes.
    """
    while True:
        try:
            await work()
        except TemanError as error:
            log.warning("%s: %s; next try in %.0f s", what, type(error).__name__, every_s)
        except Exception as error:  # noqa: BLE001 - a worker must outlive whatever one row holds
            log.error("%s raised %s; next try in %.0f s", what, type(error).__name__, every_s)
        await asyncio.sleep(every_s)


# -- sweeping up


async def sweep(host: Host) -> None:
    """Delete what has done its work: event ids, sent bodies, old incidents, ended sessions, drafts
    past their end.
    """
    now, seed = host.clock(), os.urandom(16)

    def clear(tx: Tx) -> None:
        outbox.expire(tx, channels=("web", "terminal"), now=now)
        seen.purge(tx, before=now - SEEN_KEPT_US)
        outbox.purge(tx, before=now - BODIES_KEPT_US)
        sends.drop_bodies(tx, before=now - LOST_KEPT_US)
        screens.purge(tx, before=now - BODIES_KEPT_US)
        incidents.purge(tx, now=now)
        staff.purge_sessions(tx, now=now)
        shift.end_overdue(tx, now=now, ids=Ids(now, seed))

    await host.store.run(clear)
    await _end_forgotten_drafts(host, now)
    await _erase_old_reports(host, now)


async def _end_forgotten_drafts(host: Host, now: int) -> None:
    """Drafts a day past their end, whose timer was lost; the conversation hears of it."""
    for row in await host.store.run(lambda tx: reports.overdue_drafts(tx, now=now - DAY_US)):
        event = TimerFired(Ids(now, os.urandom(16)).take(), "draft_expiry", row.case)
        await _tell(host, event, None, _dropped(row.case))


async def _erase_old_reports(host: Host, now: int) -> None:
    """What was promised to be deleted by now: words, facts and key; the conversation hears of
    it.
    """
    before = now - host.house.retention_days * DAY_US
    for case in await host.store.run(lambda tx: reports.older(tx, before=before)):
        event = ReportStatus(Ids(now, os.urandom(16)).take(), case, "closed")
        await _tell(host, event, _erased(case, now), _erased(case, now))


async def _tell(
    host: Host, event: ReportStatus | TimerFired, first: First | None, alone: First
) -> None:
    """One case at a time; where its conversation cannot take the event, the deed is done alone."""
    try:
        if (await host.happened(event, first=first)).status != "seen":
            return
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one damaged case must not keep the others
        log.error("%s raised %s", type(event).__name__, type(error).__name__)
    await host.store.run(alone)


def _dropped(case: str) -> First:
    return lambda tx: reports.drop(tx, case)


def _erased(case: str, now: int) -> First:
    return lambda tx: reports.erase(tx, case, now=now)
