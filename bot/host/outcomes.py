"""What became of a message that was sent: written down, tried again, held or parked."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from bot.conversation.events import SendParked
from bot.conversation.ids import Ids
from bot.errors import (
    SendFailed,
    SendHeld,
    SendLater,
    SendNever,
    SendStopped,
    StoreUnavailable,
)
from bot.host import billing
from bot.host.health import STOPPED_S, Alarm, Health
from bot.host.receipts import Receipts
from bot.host.receive import INCIDENT_US, Host, help_line_in
from bot.messages import ChannelName
from bot.store import incidents, outbox, sends
from bot.store.database import Tx
from bot.store.outbox import Due

log = logging.getLogger(__name__)

SECOND_US: Final = 1_000_000
BACKOFF_S: Final = (0.4, 1, 2, 5, 15, 60, 300)
"""Seconds between tries; the last one goes on."""
JITTER: Final = 0.25
UNREACHABLE_S: Final = 15.0
"""The longest wait while a platform does not answer: care must not wait minutes once it does."""
HELP_KEPT_US: Final = 7 * 24 * 3600 * SECOND_US
AGAIN_S: Final = 0.5


class _Sent(msgspec.Struct, frozen=True):
    row: Due
    platform_id: str | None


class Outcomes:
    """Writes down what became of messages; those that arrived many at a time."""

    def __init__(
        self,
        host: Host,
        *,
        alarm: Alarm,
        unsay: Callable[[Due, str], Awaitable[None]],
        next_up: Callable[[Due], None],
        due_in: Callable[[float], None],
    ) -> None:
        self._host = host
        self._unsay = unsay
        self._next_up = next_up
        self._due_in = due_in
        self.health = Health(host.clock, alarm)
        self.receipts = Receipts(host, self.health, due_in=due_in, blocked=self.blocked)
        self._waiting: list[_Sent] = []
        self.unwritten: set[str] = set()
        self._recovered: set[ChannelName] = set()
        self._writer: asyncio.Task[None] | None = None

    # -- arrived

    def sent(self, row: Due, platform_id: str | None) -> None:
        """The platform has it; written down with the next ones."""
        self._waiting.append(_Sent(row, platform_id))
        self.unwritten.add(row.id)
        if self.health.answered(row.chat.channel):
            self._recovered.add(row.chat.channel)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def written(self) -> None:
        """Wait until everything that arrived is written down."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                try:
                    await self._write_batch(batch)
                    await self._hasten()
                except StoreUnavailable:
                    self._waiting = batch + self._waiting
                    await asyncio.sleep(AGAIN_S)
                except Exception as error:  # noqa: BLE001 - one damaged row must not cost the others
                    await self._write_alone(batch, error)
        finally:
            self._writer = None

    async def _write_alone(self, batch: list[_Sent], error: Exception) -> None:
        """Each by itself; the one that cannot be written is let go, and may come a second time."""
        log.error("writing what was sent raised %s", type(error).__name__)
        for one in batch if len(batch) > 1 else ():
            try:
                await self._write_batch([one])
            except Exception as again:  # noqa: BLE001 - see above
                log.error("a row cannot be marked as sent: %s", type(again).__name__)
        self.unwritten.difference_update(one.row.id for one in batch)

    async def _write_batch(self, batch: list[_Sent]) -> None:
        now = self._host.clock()

        def mark(tx: Tx) -> list[_Sent]:
            late = [
                one
                for one in batch
                if not sends.sent(tx, one.row.id, now=now, platform_id=one.platform_id)
            ]
            billed = sum(one.row.chat.channel == billing.CHANNEL for one in batch)
            if billed:
                billing.count(tx, billed, now=now)
            return late

        late = await self._host.store.run(mark)
        self.unwritten.difference_update(one.row.id for one in batch)
        for one in late:
            if one.platform_id:
                await self._unsay(one.row, one.platform_id)
        for one in batch:
            await self.receipts.ended(one.row.id)
            self._next_up(one.row)

    async def _hasten(self) -> None:
        """What waited only for a platform to answer again is due now."""
        now, channels = self._host.clock(), list(self._recovered)
        if not channels:
            return
        try:
            await self._host.store.run(
                lambda tx: [sends.hasten(tx, channel, now=now) for channel in channels]
            )
        except StoreUnavailable:
            return  # with the next batch
        self._recovered.difference_update(channels)
        self._due_in(0)

    # -- did not arrive

    async def failed(self, row: Due, error: SendFailed) -> None:
        """Do what the error says. Raises StoreUnavailable: the row then waits for its lease."""
        try:
            await self._act(row, error)
        finally:
            await self.receipts.ended(row.id)

    async def _act(self, row: Due, error: SendFailed) -> None:
        match error:
            case SendLater():
                await self._later(row, error)
            case SendHeld():
                await self._host.store.run(lambda tx: sends.await_user(tx, row.id))
                self._next_up(row)
            case SendStopped():
                self.health.stopped(row.chat.channel, str(error), one=error.one)
                await self._put_off(row, STOPPED_S, attempts=row.attempts - 1)
            case SendNever():
                await self._park(row, error)
            case _:
                await self._put_off(row, backoff(row.attempts))

    async def broken(self, row: Due) -> None:
        """Something that nobody has thought of: another try later."""
        await self.failed(row, SendFailed())

    async def _later(self, row: Due, error: SendLater) -> None:
        wait_s = error.wait_s or backoff(row.attempts)
        if error.unreachable:
            wait_s = min(wait_s, UNREACHABLE_S)
        if error.all_wait:
            self.health.pause(row.chat.channel, wait_s)
        if error.unreachable:
            self.health.unanswered(row.chat.channel)
            self.receipts.doubt([row.id])
        log.info("%s: %s; again in %.1f s", row.chat.channel, error, wait_s)
        await self._put_off(row, wait_s, unreachable=error.unreachable)

    async def _put_off(
        self, row: Due, wait_s: float, *, attempts: int | None = None, unreachable: bool = False
    ) -> None:
        due_at = self._host.clock() + int(wait_s * SECOND_US)
        tries = row.attempts if attempts is None else attempts
        await self._host.store.run(
            lambda tx: sends.later(
                tx, row.id, due_at=due_at, attempts=tries, unreachable=unreachable
            )
        )
        self._due_in(wait_s)

    async def _park(self, row: Due, error: SendNever) -> None:
        log.warning("%s: a message was parked: %s", row.chat.channel, error)
        helped = not error.blocked and row.lane != "relay" and bool(row.outgoing.choices)
        now, seed = self._host.clock(), random.randbytes(16)

        def park(tx: Tx) -> None:
            # Nothing in place of what was hidden, forgotten or answered anew meanwhile.
            if sends.park(tx, row.id, reason=str(error)) and helped:
                help_instead(tx, row, Ids(now, seed), now=now)

        await self._host.store.run(park)
        if error.blocked:
            await self.blocked(row.chat_id, row.turn)
        self._next_up(row)
        self._due_in(0)

    async def blocked(self, chat_id: str, turn: int) -> None:
        """The user cannot be reached: the conversation hears of it."""
        event_id = Ids(self._host.clock(), random.randbytes(16)).take()
        try:
            await self._host.happened(SendParked(event_id, chat_id, turn))
        except Exception as error:  # noqa: BLE001 - a damaged chat must not have Meta ask for days
            log.warning("a blocked chat could not hear of it: %s", type(error).__name__)


def help_instead(tx: Tx, row: Due, ids: Ids, *, now: int) -> None:
    """A message that the platform will never take: the help lines in its place, and an incident.
    They carry no choices, so that nothing follows if they are refused as well.
    """
    incidents.add(
        tx, id=ids.take(), kind="refused by the platform", chat_id=row.chat_id,
        event=row.id.encode(), now=now, expires_at=now + INCIDENT_US,
    )  # fmt: skip
    outbox.add(
        tx, id=ids.take(), chat_id=row.chat_id, profile=row.profile, turn=row.turn, lane=row.lane,
        outgoing=help_line_in(row.outgoing.language), now=now, expires_at=now + HELP_KEPT_US,
    )  # fmt: skip


def backoff(attempts: int) -> float:
    """Seconds until the next try, the first after one, spread so that not all come at once."""
    wait = BACKOFF_S[min(max(attempts, 1), len(BACKOFF_S)) - 1]
    return wait * random.uniform(1 - JITTER, 1 + JITTER)
