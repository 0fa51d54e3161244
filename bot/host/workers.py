"""What runs beside the doors: the outbox of channels that are sent to, and the
sweeping-up.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

from bot.conversation.events import ReportStatus, TimerFired
from bot.conversation.ids import Ids
from bot.errors import SendLater, SendNever, StoreUnavailable, TemanError
from bot.host import shift
from bot.host.bells import EVERYBODY
from bot.host.receive import First, Host
from bot.messages import ChannelName
from bot.store import incidents, outbox, reports, seen, staff
from bot.store.database import Tx
from bot.store.outbox import Due

log = logging.getLogger(__name__)

SECOND_US: Final = 1_000_000
DAY_US: Final = 24 * 3600 * SECOND_US
TICK_S: Final = 1.0
SWEEP_S: Final = 900.0
BATCH: Final = 32
LEASE_US: Final = 60 * SECOND_US
SEEN_KEPT_US: Final = 9 * 24 * 3600 * SECOND_US
"""Longer than any platform delivers again (WhatsApp: 7 days)."""
BODIES_KEPT_US: Final = 48 * 3600 * SECOND_US
BACKOFF_US: Final = (1, 2, 5, 15, 60, 300)
"""Seconds between tries; the last one goes on."""


class Channel(Protocol):
    """A channel that is sent to. `send` raises SendLater or SendNever, and returns the platform's
    id, if any.
    """

    @property
    def name(self) -> ChannelName: ...

    async def send(self, due: Due) -> str | None: ...


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


# -- outbox


async def send_due(host: Host, channels: Sequence[Channel], worker: str) -> int:
    """Send one row of each chat and lane that is due: at once across chats, in order within
    one.
    """
    now = host.clock()
    names = [channel.name for channel in channels]
    rows = await host.store.run(
        lambda tx: outbox.claim(
            tx, channels=names, now=now, limit=BATCH, worker=worker, lease_us=LEASE_US
        )
    )
    by_name = {channel.name: channel for channel in channels}
    await asyncio.gather(*(_send(host, by_name[row.chat.channel], row) for row in rows))
    return len(rows)


async def drain(host: Host, channels: Sequence[Channel], worker: str) -> None:
    """Send until nothing is due, then wait for the next bell or second, for ever."""
    with host.bells.listen(EVERYBODY) as listener:
        while not host.bells.closed:
            try:
                busy = await send_due(host, channels, worker)
            except TemanError as error:
                log.warning("outbox: %s", type(error).__name__)
                busy = 0
            if not busy:
                await listener.next(TICK_S)


async def _send(host: Host, channel: Channel, due: Due) -> None:
    if not await host.store.run(lambda tx: outbox.still_wanted(tx, due.id)):
        return
    try:
        platform_id = await channel.send(due)
    except SendLater as error:
        wait = error.wait_s or BACKOFF_US[min(due.attempts, len(BACKOFF_US) - 1)]
        due_at = host.clock() + int(wait * SECOND_US)
        await host.store.run(lambda tx: outbox.later(tx, due.id, due_at=due_at))
    except SendNever as error:
        reason = str(error)
        await host.store.run(lambda tx: outbox.park(tx, due.id, reason=reason))
    else:
        now = host.clock()
        await host.store.run(lambda tx: outbox.sent(tx, due.id, now=now, platform_id=platform_id))


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
