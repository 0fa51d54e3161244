"""The messaging platforms that are open: their channels, the sender, and the work beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final, Literal

import msgspec

from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.errors import SendFailed, SendLater
from bot.host import presenting
from bot.host.arrivals import Arrivals
from bot.host.health import Alarm
from bot.host.polling import Poll
from bot.host.receive import Host
from bot.host.sending import Channel, Sender
from bot.store import sends

log = logging.getLogger(__name__)

DOUBT_US: Final = 2_000_000
"""What was under way at a crash waits this long for a receipt before it is sent again."""
AGAIN_S: Final = 30.0


class Webhook(msgspec.Struct, frozen=True):
    """Where Telegram posts to, and the secret it shows."""

    url: str
    secret: str

    def __repr__(self) -> str:
        return "Webhook(...)"


class Platforms:
    """Telegram, WhatsApp, both or none. `worker` names this process among those that send."""

    def __init__(
        self,
        host: Host,
        *,
        telegram: Telegram | None,
        whatsapp: WhatsApp | None,
        mode: Literal["poll", "webhook"],
        webhook: Webhook,
        worker: str,
        alarm: Alarm,
    ) -> None:
        self._host = host
        self.telegram = telegram
        self.whatsapp = whatsapp
        self._mode = mode
        self._webhook = webhook
        self._alarm = alarm
        channels: list[Channel] = [one for one in (telegram, whatsapp) if one is not None]
        self.sender = Sender(host, channels, worker=worker, alarm=alarm)
        self.arrivals = Arrivals(host, {channel.name: channel for channel in channels})
        self._channels = channels

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """What runs as long as the server does. From now on this process sends."""
        if not self._channels:
            return []
        self._host.sending = self.sender
        jobs = [self._send()]
        if self.telegram is not None:
            jobs += [presenting.present(self._host, self.telegram), self._hear(self.telegram)]
        return jobs

    async def _send(self) -> None:
        await self._free()
        await self.sender.drain()

    async def _free(self) -> None:
        """What a crash left under way is sent again, once; a receipt may still save it."""
        due_at = self._host.clock() + DOUBT_US
        while True:
            try:
                if await self._host.store.alone():
                    left = await self._host.store.run(lambda tx: sends.free(tx, due_at=due_at))
                    self.sender.outcomes.receipts.doubt(left)
                    if left:
                        log.info("%d messages were under way at the last end", len(left))
                return
            except Exception as error:  # noqa: BLE001 - without this nothing would ever be sent
                log.error("outbox: %s", type(error).__name__)
                await asyncio.sleep(1)

    async def _hear(self, telegram: Telegram) -> None:
        if self._mode == "poll":
            await Poll(telegram, self.arrivals, alarm=self._alarm).run()
            return
        while True:
            try:
                await telegram.use_webhook(self._webhook.url, self._webhook.secret)
                return
            except SendFailed as error:
                log.warning("telegram: the webhook could not be set: %s", error)
                if not isinstance(error, SendLater):
                    self._alarm("telegram webhook not set", str(error))
                await asyncio.sleep(AGAIN_S)

    async def close(self) -> None:
        """Finish what is under way, then let go of the connections."""
        await self.sender.close()
        for channel in (self.telegram, self.whatsapp):
            if channel is not None:
                await channel.close()
