"""Tells the people who run Teman that they must look: a line in the log, a count, and a short POST
to an address of theirs. An alarm holds ids, kinds and counts, never a word of anybody's.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from bot import wire
from bot.handoff import packet

log = logging.getLogger(__name__)

QUIET_US: Final = 600 * 1_000_000
"""The same alarm about the same thing sounds once in this time."""
WAITS_S: Final = (1.0, 5.0, 25.0)
"""Between tries to reach the address; after the last one the log has to do."""


class Alarms:
    """One for the whole process. `client` is from bot/wire.py, or None where no address is set;
    `clock` gives µs UTC.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], int],
        url: str = "",
        client: wire.Client | None = None,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._clock = clock
        self._url = url
        self._client = client
        self._waits_s = waits_s
        self._sounded: dict[tuple[str, str], int] = {}
        self._posts: set[asyncio.Task[None]] = set()

    def sound(self, kind: str, detail: str) -> bool:
        """People must look. `kind` is a word of ours, `detail` an id or a code. Returns at once;
        False when the same alarm sounded less than ten minutes ago. Nothing is raised.
        """
        now = self._clock()
        self._sounded = {
            alarm: at for alarm, at in self._sounded.items() if 0 <= now - at < QUIET_US
        }
        if (kind, detail) in self._sounded:
            return False
        self._sounded[kind, detail] = now
        self.counts[kind] += 1
        log.error("ALARM %s: %s", kind, detail)
        if self._client is not None and self._url:
            body = {"alarm": kind, "about": detail, "at": packet.rfc3339(now)}
            task = asyncio.create_task(self._post(self._client, msgspec.json.encode(body)))
            self._posts.add(task)
            task.add_done_callback(self._posts.discard)
        return True

    async def settled(self) -> None:
        """Wait until every alarm that was sounded has arrived or was given up."""
        while self._posts:
            await asyncio.gather(*self._posts, return_exceptions=True)

    async def close(self) -> None:
        """End what is still being tried."""
        for task in self._posts:
            task.cancel()
        await self.settled()
        if self._client is not None:
            await self._client.aclose()

    async def _post(self, client: wire.Client, body: bytes) -> None:
        reason = await self._try(client, body)
        for wait_s in self._waits_s:
            if not reason:
                return
            await asyncio.sleep(wait_s)
            reason = await self._try(client, body)
        if not reason:
            return
        log.error("the alarm address did not take an alarm (%s); it stands in this log", reason)

    async def _try(self, client: wire.Client, body: bytes) -> str:
        """Why it was not taken; empty when it was."""
        try:
            kind = {"Content-Type": "application/json"}
            answer = await client.post(self._url, content=body, headers=kind)
        except Exception as error:  # noqa: BLE001 - an address that is wrong harms nothing else
            return type(error).__name__
        return "" if answer.is_success else str(answer.status_code)
