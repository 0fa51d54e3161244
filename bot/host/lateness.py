"""What must not pass unnoticed: a report that no intake confirms, or that the intake refused.

Each is told once: the child (at once where they are, else on the next look), and the operator.
What was told is on disk, so neither a restart nor a kill tells it twice or not at all.
"""

from __future__ import annotations

import os
from typing import Final

from bot.conversation.events import DeliveryDelayed
from bot.conversation.ids import Ids
from bot.host import desk_tell
from bot.host.alarms import Alarms
from bot.host.receive import Host
from bot.store import deliveries
from bot.store.database import Tx
from bot.store.deliveries import Late, Stuck

EMERGENCY_US: Final = 300 * 1_000_000
OTHERS_US: Final = 3600 * 1_000_000
"""The rest is less pressing, but whoever told must not believe for days that it arrived."""
TICK_S: Final = 2.0
NOT_RECEIVED: Final = "emergency not received"
NOT_RECEIVED_YET: Final = "report not received"


async def look(host: Host, alarms: Alarms) -> None:
    """One round. The child comes first: an alarm address may be slow."""
    now = host.clock()
    late = await host.store.run(
        lambda tx: deliveries.late(
            tx, emergencies_before=now - EMERGENCY_US, others_before=now - OTHERS_US
        )
    )
    for row in late:
        if row.told_at is None:
            await _tell_child(host, row, now)
    overdue = [row for row in late if row.alarmed_at is None and _overdue(row, now)]
    stuck = await host.store.run(deliveries.stuck)
    refused = [row for row in stuck if row.alarmed_at is None]
    for row in overdue:
        alarms.sound(_alarm(row), row.case)
    for parked in refused:
        alarms.sound(f"{parked.kind} refused", parked.case)
    if overdue or refused:
        # On record only once it has left: a kill in between sounds it again.
        await alarms.settled()
        await host.store.run(lambda tx: _on_record(tx, overdue, refused, now))


def _alarm(row: Late) -> str:
    what = NOT_RECEIVED if row.urgency == "emergency" else NOT_RECEIVED_YET
    return f"drill: {what}" if row.drill else what


def _overdue(row: Late, now: int) -> bool:
    limit = EMERGENCY_US if row.urgency == "emergency" else OTHERS_US
    return row.sent_at <= now - limit


async def _tell_child(host: Host, row: Late, now: int) -> None:
    def first(tx: Tx) -> bool:
        return deliveries.late_told(tx, row.id, now=now)

    event = DeliveryDelayed(Ids(now, os.urandom(16)).take(), row.case)
    if await desk_tell.tell(host, event, first) != "taken":
        await host.store.run(first)


def _on_record(tx: Tx, overdue: list[Late], refused: list[Stuck], now: int) -> None:
    for row in overdue:
        deliveries.late_alarmed(tx, row.id, now=now)
    for parked in refused:
        deliveries.stuck_alarmed(tx, parked.id, now=now)
