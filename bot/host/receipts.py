"""What a platform tells later of a message it had taken, by our own id of it: that it arrived, or
that it did not.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import msgspec

from bot.errors import SendFailed, SendHeld, SendLater, SendNever, SendStopped
from bot.host import billing
from bot.host.health import STOPPED_S, Health
from bot.host.receive import Host
from bot.messages import ChannelName
from bot.store import outbox, sends
from bot.store.database import Tx

log = logging.getLogger(__name__)

DOUBTED: Final = 10_000
"""Rows that are remembered as unsure; the oldest are let go."""
LOST_AGAIN_S: Final = 1.0


class _Early(msgspec.Struct, frozen=True):
    """A receipt that came before the outcome of its send was written down."""

    channel: ChannelName
    failure: SendFailed | None


class Receipts:
    """Nearly every receipt tells nothing new. Those count that speak of a row whose sending nobody
    knows the end of, and those that say a message was lost.

    `due_in(seconds)`: a row is due again then. `blocked(chat_id)`: the user cannot be reached.
    """

    def __init__(
        self,
        host: Host,
        health: Health,
        *,
        due_in: Callable[[float], None],
        blocked: Callable[[str, int], Awaitable[None]],
    ) -> None:
        self._host = host
        self._health = health
        self._due_in = due_in
        self._blocked = blocked
        self._begun: set[str] = set()
        self._early: dict[str, _Early] = {}
        self._unsure: OrderedDict[str, None] = OrderedDict()

    # -- what is on the way

    def begun(self, row_id: str) -> None:
        """It is being sent: a receipt that comes before its outcome is written down waits."""
        self._begun.add(row_id)

    async def ended(self, row_id: str) -> None:
        """Its outcome is written down; now a receipt that came before it counts."""
        self._begun.discard(row_id)
        early = self._early.pop(row_id, None)
        if early is None:
            return
        if early.failure is None:
            await self.arrived(early.channel, row_id)
        else:
            await self.lost(early.channel, row_id, early.failure)

    def doubt(self, row_ids: Iterable[str]) -> None:
        """Nobody knows whether these went out: a receipt will tell."""
        for row_id in row_ids:
            self._unsure[row_id] = None
            if len(self._unsure) > DOUBTED:
                self._unsure.popitem(last=False)

    def tells(self, row_id: str) -> bool:
        """Whether the arrival of this row would be news."""
        return row_id in self._begun or row_id in self._unsure

    # -- what they say

    async def arrived(self, channel: ChannelName, row_id: str) -> None:
        """The platform has it, whatever we thought. Raises StoreUnavailable."""
        if row_id in self._begun:
            self._early[row_id] = _Early(channel, None)
            return
        now = self._host.clock()

        def mark(tx: Tx) -> None:
            if outbox.still_wanted(tx, row_id) and channel == billing.CHANNEL:
                billing.count(tx, 1, now=now)  # nobody has counted it yet
            sends.sent(tx, row_id, now=now)

        await self._host.store.run(mark)
        self._unsure.pop(row_id, None)

    async def lost(self, channel: ChannelName, row_id: str, failure: SendFailed) -> None:
        """The platform had taken it, and it did not arrive. The same is done about it as if it had
        been refused at once, as long as its body is kept. Raises StoreUnavailable.
        """
        if row_id in self._begun:
            self._early[row_id] = _Early(channel, failure)
            return
        match failure:
            case SendLater():
                ours = await self._again(row_id, failure.wait_s or LOST_AGAIN_S)
            case SendStopped():
                ours = await self._again(row_id, STOPPED_S)
            case SendHeld():
                ours = await self._again(row_id, 0, until_user_writes=True)
            case _:
                ours = False
        ours = ours or await self._give_up(row_id, failure)
        if ours and isinstance(failure, SendStopped):
            self._health.stopped(channel, str(failure), one=failure.one)

    async def _again(self, row_id: str, wait_s: float, *, until_user_writes: bool = False) -> bool:
        due_at = self._host.clock() + int(wait_s * 1_000_000)

        def back(tx: Tx) -> bool:
            found = sends.again(tx, row_id, due_at=due_at)
            if found and until_user_writes:
                sends.await_user(tx, row_id)
            return found

        found = await self._host.store.run(back)
        self._due_in(wait_s)
        return found

    async def _give_up(self, row_id: str, failure: SendFailed) -> bool:
        """Park it; False for a row that is none of ours."""
        reason = f"failed: {failure}"
        final = isinstance(failure, SendNever)
        found = await self._host.store.run(
            lambda tx: sends.unarrived(tx, row_id, reason=reason, final=final)
        )
        if found is None:
            return False
        log.warning("a message did not arrive and was parked: %s", failure)
        if isinstance(failure, SendNever) and failure.blocked:
            await self._blocked(*found)
        return True
