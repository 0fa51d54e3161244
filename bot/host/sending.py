"""The outbox on its way out: at once across chats, in order within a chat and lane, from the commit
of a turn to the platform's answer.

A row that a turn has just written is sent right after its commit, without asking the database for
it again; whatever that misses (a retry, a crash, another process) is claimed from the outbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from bot.errors import SendFailed, StoreUnavailable, TemanError
from bot.host.health import Alarm
from bot.host.outcomes import Outcomes
from bot.host.pace import Pace
from bot.host.receive import Host
from bot.messages import ChannelName, Chat, Outbound
from bot.store import outbox, screens
from bot.store.database import Tx
from bot.store.outbox import Claim, Due

log = logging.getLogger(__name__)

SECOND_US: Final = 1_000_000
TICK_S: Final = 1.0
AT_ONCE: Final = 64
"""Calls to one platform under way, for lessons and for all else: care waits behind no bubble."""
LEASE_US: Final = 60 * SECOND_US
SOON_S: Final = 10.0
QUEUED_S: Final = 25.0
"""A row that waited longer for its turn is left to its lease: sending it could outlast that."""
DELETABLE_US: Final = 48 * 3600 * SECOND_US
SETTLE_S: Final = 3.0
ATTEND_S: Final = 1.0
ATTEND_EVERY_S: Final = 25
"""As long as the sign that an answer is coming stays on the screen."""


class Channel(Protocol):
    """A platform that is sent to. Each method raises SendFailed."""

    @property
    def name(self) -> ChannelName: ...

    @property
    def removes(self) -> bool:
        """Whether a message can be deleted from the user's screen at all."""
        ...

    async def send(self, outbound: Outbound, /) -> str | None:
        """Send one message; gives the id by which it can be removed from the screen, if any."""
        ...

    async def remove(self, chat: Chat, ids: Sequence[str], /) -> None:
        """Delete messages from the screen, as far as the platform can."""
        ...

    async def attend(self, message_id: str, /) -> None:
        """Show that a message was read and an answer is coming, where the platform can."""
        ...


class _Job(msgspec.Struct, frozen=True):
    """A row to send. `checked`: nothing can have cancelled it. `until`: the loop's time up to which
    it may be begun.
    """

    row: Due
    heard: str | None
    checked: bool
    until: float


class Sender:
    """Sends for some channels. `alarm(kind, about)` tells the operator."""

    def __init__(
        self, host: Host, channels: Sequence[Channel], *, worker: str, alarm: Alarm
    ) -> None:
        self._host = host
        self._channels = {channel.name: channel for channel in channels}
        self._worker = worker
        self._lines: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._under_way: Counter[ChannelName] = Counter()
        self._rooms = {
            (name, urgent): asyncio.Semaphore(AT_ONCE)
            for name in self._channels
            for urgent in (False, True)
        }
        self._attended = Pace(1, ATTEND_EVERY_S)
        self._wake = asyncio.Event()
        self._behind: Counter[tuple[str, str]] = Counter()
        self.outcomes = Outcomes(
            host, alarm=alarm, unsay=self._unsay, next_up=self._next_up, due_in=self._due_in
        )

    # -- what the host offers

    def claim(self, channel: ChannelName, now: int) -> Claim | None:
        """See `receive.Sending`."""
        known = channel in self._channels and not self.outcomes.health.paused(channel)
        return Claim(self._worker, now + LEASE_US) if known else None

    def offer(self, due: tuple[Due, ...], *, heard: str | None, alone: bool) -> None:
        """See `receive.Sending`."""
        for row in due:
            if row.attempts:
                self._begin(row, heard=heard, checked=alone)
                heard = None
            elif row.chat.channel in self._channels:
                self._behind[row.chat_id, row.lane] += 1
                self._wake.set()

    def _next_up(self, row: Due) -> None:
        """A row has come to its end: another of its lane may wait behind."""
        line = (row.chat_id, row.lane)
        if line in self._behind:
            self._behind[line] -= 1
            if self._behind[line] <= 0:
                del self._behind[line]
            self._wake.set()

    def _due_in(self, seconds: float) -> None:
        """Something is due again soon: not only at the next tick."""
        if seconds < SOON_S:
            asyncio.get_running_loop().call_later(seconds, self._wake.set)

    # -- what waits in the outbox

    async def drain(self) -> None:
        """Send what is due, for ever; never more at once than there is room for."""
        while not self._host.bells.closed:
            try:
                while await self._claim_due():
                    pass
                self.outcomes.health.watch()
            except TemanError as error:
                log.warning("outbox: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - nothing a row holds may end the sending
                log.error("outbox raised %s", type(error).__name__)
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), TICK_S)
            except TimeoutError:
                continue

    async def send_due(self) -> int:
        """Send what is due now, and wait until it is done; gives how many rows were taken up."""
        found = 0
        while taken := await self._claim_due():
            found += taken
            await self.settle()
        return found

    async def settle(self) -> None:
        """Wait until everything that is under way has come to its end and is written down."""
        while self._lines:
            await asyncio.wait(list(self._lines.values()))
            await asyncio.sleep(0)
        await self.outcomes.written()

    async def close(self) -> None:
        """Give what is under way a moment to end; what does not is sent again after the start."""
        try:
            async with asyncio.timeout(SETTLE_S):
                await self.settle()
        except TimeoutError:
            log.warning("%d messages were under way at the end", len(self._lines))
        for task in list(self._lines.values()):
            task.cancel()

    async def _claim_due(self) -> int:
        rooms = {
            name: 2 * AT_ONCE - self._under_way[name]
            for name in self._channels
            if not self.outcomes.health.paused(name)
        }
        now = self._host.clock()

        def claim(tx: Tx) -> list[Due]:
            return [row for name, room in rooms.items() for row in self._claim(tx, name, room, now)]

        rows = await self._host.store.run(claim) if any(n > 0 for n in rooms.values()) else []
        for row in rows:
            if row.id in self.outcomes.unwritten:
                continue  # it arrived; only the store does not know yet
            line = (row.chat_id, row.lane)
            self._behind[line] = max(self._behind[line], 1)  # another may stand behind it
            self._begin(row, heard=None, checked=False)
        return len(rows)

    def _claim(self, tx: Tx, channel: ChannelName, room: int, now: int) -> list[Due]:
        if room <= 0:
            return []
        return outbox.claim(
            tx, channels=[channel], now=now, limit=room, worker=self._worker, lease_us=LEASE_US
        )

    # -- one row

    def _begin(self, row: Due, *, heard: str | None, checked: bool) -> None:
        line = (row.chat_id, row.lane)
        before = self._lines.get(line)
        until = asyncio.get_running_loop().time() + QUEUED_S
        job = _Job(row, heard, checked and before is None, until)
        task = asyncio.create_task(self._in_turn(job, before))
        self._lines[line] = task
        self._under_way[row.chat.channel] += 1
        task.add_done_callback(lambda done: self._ended(row, done))

    def _ended(self, row: Due, task: asyncio.Task[None]) -> None:
        line = (row.chat_id, row.lane)
        self._under_way[row.chat.channel] -= 1
        if self._lines.get(line) is task:
            del self._lines[line]
        if not task.cancelled() and (error := task.exception()):
            log.error("sending raised %s", type(error).__name__)

    async def _in_turn(self, job: _Job, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        channel = self._channels[job.row.chat.channel]
        # Whoever waits for room may be cancelled meanwhile.
        room = self._rooms[channel.name, job.row.lane != "normal"]
        checked = job.checked and not room.locked()
        async with room:
            if asyncio.get_running_loop().time() > job.until:
                return
            try:
                if checked or await self._wanted(job.row):
                    await self._send(channel, job)
            except StoreUnavailable:
                log.warning("outbox: the store does not answer; the row waits for its lease")

    async def _wanted(self, row: Due) -> bool:
        return await self._host.store.run(lambda tx: outbox.still_wanted(tx, row.id))

    async def _send(self, channel: Channel, job: _Job) -> None:
        row = job.row
        try:
            if job.heard is not None:
                attended = await self._attend(channel, row.chat_id, job.heard)
                if attended and not await self._wanted(row):
                    return
            if row.outgoing.wipe and channel.removes:
                await self._wipe(channel, row)
            self.outcomes.receipts.begun(row.id)
            platform_id = await channel.send(row)
        except SendFailed as error:
            await self.outcomes.failed(row, error)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one message that breaks must not be lost
            log.error("a send raised %s", type(error).__name__)
            await self.outcomes.broken(row)
        else:
            self.outcomes.sent(row, platform_id)

    async def _attend(self, channel: Channel, chat_id: str, heard: str) -> bool:
        """A courtesy: it may fail, and the answer never waits long for it."""
        if not self._attended.allows(chat_id, self._host.clock()):
            return False
        try:
            async with asyncio.timeout(ATTEND_S):
                await channel.attend(heard)
        except (SendFailed, TimeoutError):
            pass
        return True

    # -- taking back

    async def _wipe(self, channel: Channel, row: Due) -> None:
        """Hide: everything of both sides that can still be deleted goes from the screen first."""
        mine, lines = asyncio.current_task(), self._lines.items()
        others = [task for (chat, _), task in lines if chat == row.chat_id and task is not mine]
        if others:
            await asyncio.wait(others, timeout=SETTLE_S)
            await self.outcomes.written()
        now = self._host.clock()
        since = now - DELETABLE_US
        ids = await self._host.store.run(lambda tx: screens.shown(tx, row.chat_id, since=since))
        if ids:
            await channel.remove(row.chat, ids)
            await self._host.store.run(lambda tx: screens.removed(tx, row.chat_id, upto=now))

    async def _unsay(self, row: Due, platform_id: str) -> None:
        """A message that was cancelled while it was on its way is taken from the screen again."""
        try:
            await self._channels[row.chat.channel].remove(row.chat, [platform_id])
        except SendFailed as error:
            log.warning("%s: a message could not be taken back: %s", row.chat.channel, error)
