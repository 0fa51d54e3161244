"""Delivers to an intake elsewhere: again and again until it says that it has it, for ever.

A row is claimed before the call and settled after it. Whatever happens in between (a kill, a lost
answer) it is called again with the same id, and the intake says that it had it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec

from bot.conversation.events import Event, ReportReceived, ReportStatus, WithdrawAnswered
from bot.conversation.ids import Ids
from bot.errors import TemanError
from bot.handoff import packet, signature
from bot.handoff.webhook import Answer
from bot.host import desk_tell
from bot.host.bells import EVERYBODY
from bot.host.receive import Host
from bot.store import deliveries, reports
from bot.store.database import Tx
from bot.store.deliveries import Kind, Parcel

log = logging.getLogger(__name__)

SECOND_US: Final = 1_000_000
TICK_S: Final = 1.0
BATCH: Final = 16
LEASE_US: Final = 30 * SECOND_US
"""Longer than a call can take (bot/wire.py); after a kill the row is tried again when it ends."""
BACKOFF_S: Final = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
EMERGENCY_CAP_S: Final = 30.0
JITTER: Final = 0.2
GONE_US: Final = (signature.WINDOW_S + 60) * SECOND_US
"""A call signed longer ago than this can no longer be taken by an intake that was slow."""


class Connector(Protocol):
    """An intake elsewhere; bot/handoff/webhook.py is one."""

    async def send(self, kind: Kind, *, case: str, id: str, body: bytes) -> Answer: ...


class Letter(msgspec.Struct, frozen=True):
    """A claimed row with its body; None when it could not be read. It never prints."""

    parcel: Parcel
    body: bytes | None

    def __repr__(self) -> str:
        return f"Letter({self.parcel.kind})"


async def drain(host: Host, connector: Connector) -> None:
    """Deliver until nothing is due, then wait for the next bell or second, for ever."""
    with host.bells.listen(EVERYBODY) as listener:
        while not host.bells.closed:
            try:
                busy = await deliver_due(host, connector)
            except TemanError as error:
                log.warning("deliveries: %s", type(error).__name__)
                busy = 0
            except Exception as error:  # noqa: BLE001 - nothing a row holds may end the deliveries
                log.error("deliveries raised %s", type(error).__name__)
                busy = 0
            if not busy:
                await listener.next(TICK_S)


async def deliver_due(host: Host, connector: Connector) -> int:
    """Deliver what is due, one row a case, at once across cases; returns how many were tried."""
    now = host.clock()

    def claim(tx: Tx) -> list[Letter]:
        parcels = deliveries.claim(tx, now=now, limit=BATCH, lease_us=LEASE_US)
        return [Letter(parcel, _body(tx, parcel, now)) for parcel in parcels]

    letters = await host.store.run(claim)
    done = await asyncio.gather(
        *(_deliver(host, connector, letter) for letter in letters), return_exceptions=True
    )
    # One that could not be settled is tried again when its lease is over; the others go on.
    for error in (found for found in done if isinstance(found, BaseException)):
        log.warning("a delivery was not settled: %s", type(error).__name__)
    return len(letters)


async def _deliver(host: Host, connector: Connector, letter: Letter) -> None:
    parcel = letter.parcel
    if letter.body is None:
        answer = Answer("refused", "unreadable here")
    else:
        answer = await connector.send(parcel.kind, case=parcel.case, id=parcel.id, body=letter.body)
    await _settle(host, parcel, answer)


# -- what is said


def _body(tx: Tx, parcel: Parcel, now: int) -> bytes | None:
    try:
        return msgspec.json.encode(_content(tx, parcel, now))
    except Exception as error:  # noqa: BLE001 - one damaged row must not hold up the others
        log.error("the %s %s cannot be read: %s", parcel.kind, parcel.id, type(error).__name__)
        return None


def _content(tx: Tx, parcel: Parcel, now: int) -> dict[str, Any]:
    match parcel.kind:
        case "report":
            return _report(tx, parcel.case)
        case "message":
            return {"id": parcel.id, **_message(tx, parcel)}
        case _:
            return {"id": parcel.id, "at": packet.rfc3339(now)}


def _report(tx: Tx, case: str) -> dict[str, Any]:
    report = reports.get(tx, case)
    if report is None or report.facts is None:
        raise LookupError("there is no such report")
    apart = deliveries.lines_apart(tx, case)
    lines = [line for line in reports.words(tx, case) if line.id not in apart]
    return packet.packet(msgspec.json.decode(report.facts), lines)


def _message(tx: Tx, parcel: Parcel) -> dict[str, Any]:
    if parcel.line is None:
        note = deliveries.note(tx, parcel)
        return {"at": packet.rfc3339(parcel.created_at), "text": note, "language": None}
    line = next(line for line in reports.words(tx, parcel.case) if line.id == parcel.line)
    return packet.message(line, start=parcel.part * deliveries.PART, length=deliveries.PART)


# -- what came of it


async def _settle(host: Host, parcel: Parcel, answer: Answer) -> None:
    """One transaction: the row, the report and what the conversation hears of it."""
    now = host.clock()
    if answer.said == "later":
        await _later(host, parcel, answer.reason, _wait_s(parcel, answer))
    elif answer.said == "refused":
        await host.store.run(lambda tx: deliveries.park(tx, parcel.id, reason=answer.reason))
    elif parcel.kind == "withdraw":
        await _withdraw_answered(host, parcel, answer)
    elif answer.said == "ended":
        await _tell(host, ReportStatus(_id(host), parcel.case, "closed"), _ended(parcel, now))
    elif parcel.kind == "report":
        await _tell(host, ReportReceived(_id(host), parcel.case), _received(parcel, now))
    else:
        await host.store.run(lambda tx: deliveries.done(tx, parcel.id, now=now))


async def _later(host: Host, parcel: Parcel, reason: str, wait_s: float) -> None:
    due_at = host.clock() + int(wait_s * SECOND_US)
    await host.store.run(lambda tx: deliveries.later(tx, parcel.id, due_at=due_at, reason=reason))


def _wait_s(parcel: Parcel, answer: Answer) -> float:
    """Seconds until the next try: what the intake asked for, else longer each time, never all at
    once after an outage.
    """
    if answer.wait_s is not None:
        return answer.wait_s
    step = BACKOFF_S[min(parcel.attempts, len(BACKOFF_S)) - 1]
    step = min(step, EMERGENCY_CAP_S) if parcel.urgency == "emergency" else step
    return step * random.uniform(1 - JITTER, 1)


def _received(parcel: Parcel, now: int) -> Callable[[Tx], bool]:
    def first(tx: Tx) -> bool:
        deliveries.done(tx, parcel.id, now=now)
        reports.received(tx, parcel.case, now=now)
        return True

    return first


def _ended(parcel: Parcel, now: int) -> Callable[[Tx], bool]:
    """The intake takes no more words for this report: they reached nobody, and the child hears on
    the next look that it is closed.
    """

    def first(tx: Tx) -> bool:
        deliveries.park(tx, parcel.id, reason="410")
        reports.close(tx, parcel.case, now=now, staff=reports.ELSEWHERE)
        return True

    return first


async def _withdraw_answered(host: Host, parcel: Parcel, answer: Answer) -> None:
    now, again = host.clock(), _id(host)
    if answer.said == "asked_before":
        # The answer to the first request was lost, and a second one is only told that it came
        # before. Asked anew; an intake that refuses even that is for the operator to look at.
        await host.store.run(lambda tx: _ask_anew(tx, parcel, again, now))
    elif answer.said == "read":
        event = WithdrawAnswered(_id(host), parcel.case, done=False)
        await _tell(host, event, _read_there(parcel, now))
    elif answer.said == "missing" and (wait := await _may_still_come(host, parcel)):
        await _later(host, parcel, answer.reason, wait)
    else:
        event = WithdrawAnswered(_id(host), parcel.case, done=True)
        await _tell(host, event, _deleted_there(parcel, now))


async def _may_still_come(host: Host, parcel: Parcel) -> float:
    """Seconds for which a report that is not there yet could still be taken from a slow call."""
    last = await host.store.run(lambda tx: deliveries.last_try(tx, parcel.case))
    return 0.0 if last is None else max(0, last + GONE_US - host.clock()) / SECOND_US


def _ask_anew(tx: Tx, parcel: Parcel, again: str, now: int) -> None:
    if parcel.attempts == 1:
        deliveries.park(tx, parcel.id, reason="409")
        return
    deliveries.done(tx, parcel.id, now=now)
    deliveries.add_withdraw(tx, again, parcel.case, now=now)


def _read_there(parcel: Parcel, now: int) -> Callable[[Tx], bool]:
    def first(tx: Tx) -> bool:
        deliveries.done(tx, parcel.id, now=now)
        reports.received(tx, parcel.case, now=now)
        reports.mark_read(tx, parcel.case, now=now)
        return True

    return first


def _deleted_there(parcel: Parcel, now: int) -> Callable[[Tx], bool]:
    """Words, facts and key go here, too."""

    def first(tx: Tx) -> bool:
        deliveries.done(tx, parcel.id, now=now)
        if not reports.withdraw(tx, parcel.case, now=now):
            reports.erase(tx, parcel.case, now=now)
        return True

    return first


async def _tell(host: Host, event: Event, first: Callable[[Tx], bool]) -> None:
    """A conversation that is gone or cannot be read does not keep the row from being settled."""
    if await desk_tell.tell(host, event, first) != "taken":
        await host.store.run(first)


def _id(host: Host) -> str:
    return Ids(host.clock(), os.urandom(16)).take()
