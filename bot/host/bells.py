"""Wakes whoever waits for a chat: a web stream, or the outbox worker. Nothing is carried but the
ring itself.
"""

from __future__ import annotations

import asyncio

EVERYBODY = ""
"""Rung with every other bell: for workers that look at all chats."""


class Bells:
    """One bell a chat. Whoever must not miss a ring listens first and then looks at the store."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._closed = False

    def ring(self, chat_id: str) -> None:
        """Something was written for this chat."""
        for name in (chat_id, EVERYBODY):
            waiting = self._waiting.get(name)
            for event in waiting or ():
                event.set()

    def close(self) -> None:
        """Wake everybody, for good: the server is stopping."""
        self._closed = True
        for waiting in self._waiting.values():
            for event in waiting:
                event.set()

    @property
    def closed(self) -> bool:
        """True once the server is stopping; a stream should end."""
        return self._closed

    def listen(self, chat_id: str) -> Listener:
        """Hear every ring from now on, until the listener is closed. Listen first, then look at the
        store.
        """
        return Listener(self, chat_id)

    async def wait(self, chat_id: str, timeout_s: float) -> bool:
        """True when the bell rang within `timeout_s` seconds from now."""
        with self.listen(chat_id) as listener:
            return await listener.next(timeout_s)

    def _add(self, chat_id: str, event: asyncio.Event) -> None:
        self._waiting.setdefault(chat_id, set()).add(event)

    def _remove(self, chat_id: str, event: asyncio.Event) -> None:
        waiting = self._waiting.get(chat_id, set())
        waiting.discard(event)
        if not waiting:
            self._waiting.pop(chat_id, None)


class Listener:
    """Rings that came while the listener was busy are heard at the next `next()`."""

    def __init__(self, bells: Bells, chat_id: str) -> None:
        self._bells = bells
        self._chat_id = chat_id
        self._event = asyncio.Event()

    def __enter__(self) -> Listener:
        self._bells._add(self._chat_id, self._event)
        return self

    def __exit__(self, *_: object) -> None:
        self._bells._remove(self._chat_id, self._event)

    async def next(self, timeout_s: float) -> bool:
        """True when there was a ring since the last call, or comes one within `timeout_s`
        seconds.
        """
        if not self._bells.closed:
            try:
                await asyncio.wait_for(self._event.wait(), timeout_s)
            except TimeoutError:
                return False
        self._event.clear()
        return not self._bells.closed
