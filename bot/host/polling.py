"""Asks Telegram for updates. What was brought is confirmed only when it is committed: the offset
moves after that, never before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot.channels import telegram_updates
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import Reading
from bot.errors import SendFailed, SendLater, SendStopped
from bot.host.arrivals import Arrivals
from bot.host.health import Alarm
from bot.host.outcomes import backoff

log = logging.getLogger(__name__)

STOPPED_TRIES: Final = 3
"""Refusals in a row before the operator is told: the process before this one may still be asking.
"""
STORE_GONE_S: Final = 1.0
NOTHING_NEW_S: Final = 0.2
"""Before the next call where an answer brought nothing that could be confirmed."""
LONGEST_S: Final = 60.0
UNREACHABLE_S: Final = 5.0
"""The longest wait while Telegram does not answer: whoever wrote meanwhile is heard this soon once
it does.
"""


class Poll:
    """The loop of one bot."""

    def __init__(self, telegram: Telegram, arrivals: Arrivals, *, alarm: Alarm) -> None:
        self._telegram = telegram
        self._arrivals = arrivals
        self._alarm = alarm
        self._offset: int | None = None
        self._failures = 0
        self._webhook_gone = False
        self._taps: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Ask and take, for ever."""
        while True:
            try:
                await self.once()
                self._failures = 0
            except SendFailed as error:
                await asyncio.sleep(self._wait(error))
            except Exception as error:  # noqa: BLE001 - the loop must outlive whatever came
                log.error("telegram: taking updates raised %s", type(error).__name__)
                await asyncio.sleep(STORE_GONE_S)

    async def once(self) -> None:
        """One call for updates, and everything it brought. Raises SendFailed."""
        if not self._webhook_gone:
            await self._telegram.use_polling()
            self._webhook_gone = True
        updates = await self._telegram.updates(self._offset)
        before = self._offset
        taken = await self._take([telegram_updates.read(update) for update in updates])
        if not taken:
            await asyncio.sleep(STORE_GONE_S)
        elif updates and self._offset == before:
            await asyncio.sleep(NOTHING_NEW_S)

    async def _take(self, readings: Sequence[Reading]) -> bool:
        """False when the store could not take some: the offset stays before the first of these."""
        left = await self._arrivals.take([r.incoming for r in readings if r.incoming])
        for reading in readings:
            taken = reading.incoming is None or reading.incoming.id not in left
            if not taken:
                self._offset = reading.update_id
                return False
            if reading.update_id is not None:
                self._offset = reading.update_id + 1
            if reading.tap:
                self._confirm(reading.tap)
        return True

    def _confirm(self, tap: str) -> None:
        """Beside the answer, never before it; nobody waits for it."""
        task = asyncio.create_task(self._answer(tap))
        self._taps.add(task)
        task.add_done_callback(self._taps.discard)

    async def _answer(self, tap: str) -> None:
        try:
            await self._telegram.answer(tap)
        except SendFailed:
            return

    def _wait(self, error: SendFailed) -> float:
        """How long to wait after a failure; tells the operator of one that lasts."""
        self._failures += 1
        log.warning("telegram: asking for updates: %s", error)
        if isinstance(error, SendStopped):
            self._webhook_gone = False
            if self._failures >= STOPPED_TRIES:
                self._alarm("telegram gives no updates", str(error))
        if isinstance(error, SendLater) and error.wait_s:
            return error.wait_s
        longest = UNREACHABLE_S if isinstance(error, SendLater) else LONGEST_S
        return min(backoff(self._failures), longest)
