"""Fires what is due. One timer that cannot be fired never holds up the others; an emergency is
passed on even when its conversation cannot be read.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Final

from bot import __version__
from bot.conversation.events import TimerFired
from bot.conversation.ids import Ids
from bot.conversation.state import Case
from bot.errors import StoreUnavailable
from bot.handoff import packet
from bot.host import handover
from bot.host.receive import INCIDENT_US, Host
from bot.store import incidents, timers
from bot.store.database import Tx
from bot.store.timers import Timer

log = logging.getLogger(__name__)

BATCH: Final = 64
AGAIN_US: Final = 60 * 1_000_000
"""How long a timer waits that raised an error, before it is tried again."""


async def fire(host: Host) -> int:
    """Fire what is due, each in a transaction of its own; gives how many were due."""
    now = host.clock()
    due = await host.store.run(lambda tx: timers.due(tx, now=now, limit=BATCH))
    for timer in due:
        try:
            await _fire(host, timer)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next timer must fire
            await _put_off(host, timer, type(error).__name__)
    return len(due)


async def _fire(host: Host, timer: Timer) -> None:
    event = TimerFired(timer.id, timer.kind, timer.case)
    receipt = await host.happened(event, first=_done(timer.id))
    if receipt.status == "seen":
        await host.store.run(_done(timer.id))


def _done(timer_id: str) -> Callable[[Tx], bool]:
    return lambda tx: timers.done(tx, timer_id)


async def _put_off(host: Host, timer: Timer, kind: str) -> None:
    """An incident, and another try later; what is on disk of an emergency is handed over now."""
    log.error("the timer %s raised %s; put off", timer.kind, kind)
    now = host.clock()
    ids = Ids(now, os.urandom(16))
    incident, again, reference = ids.take(), now + AGAIN_US, ids.reference()

    def put_off(tx: Tx) -> None:
        incidents.add(
            tx,
            id=incident,
            kind=kind,
            chat_id=timer.chat_id,
            event=timer.kind.encode(),
            now=now,
            expires_at=now + INCIDENT_US,
        )
        if timer.kind == "emergency_draft" and _pass_on(host, tx, timer, reference, now):
            timers.done(tx, timer.id)
            return
        timers.set(
            tx,
            id=timer.id,
            chat_id=timer.chat_id,
            kind=timer.kind,
            case=timer.case,
            due_at=again,
        )

    await host.store.run(put_off)


def _pass_on(host: Host, tx: Tx, timer: Timer, reference: str, now: int) -> bool:
    """The words alone, with a report that knows nothing else: the conversation cannot be asked."""
    case = Case(
        id=timer.case,
        profile="",
        language="ms",
        level="emergency",
        at=now,
        reference=reference,
    )
    facts = packet.facts(
        case,
        role=None,
        band=None,
        channel="web",
        operator=host.house.operator,
        version=__version__,
        drill=host.house.drills_only,
        consent="no_answer",
        created_at_us=now,
    )
    return handover.send(
        tx,
        timer.case,
        facts=facts,
        language="ms",
        channel="web",
        elsewhere=host.house.intake_elsewhere,
        now=now,
    )
