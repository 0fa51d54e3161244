"""Waiting across threads without looking again and again: whoever changed something rings the bell,
and whoever waits, in a thread or in an event loop, looks once more.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable


class Bell:
    """One lock for the state it guards, and one signal for every change of it.

    `ready` is called under the lock. All waiting ends after `timeout` seconds, with False.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._heard = threading.Condition(self.lock)
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self.lock:
            self._heard.notify_all()
            for loop, event in self._listeners:
                loop.call_soon_threadsafe(event.set)

    def wait(self, ready: Callable[[], object], timeout: float) -> bool:
        """Block this thread until `ready()` holds."""
        with self.lock:
            return bool(self._heard.wait_for(ready, timeout))

    async def heard(self, ready: Callable[[], object], timeout: float) -> bool:
        """The same for a coroutine of any event loop."""
        event = asyncio.Event()
        listener = (asyncio.get_running_loop(), event)
        ends = time.monotonic() + timeout
        with self.lock:
            self._listeners.add(listener)
        try:
            while not self._holds(ready):
                try:
                    await asyncio.wait_for(event.wait(), max(0.0, ends - time.monotonic()))
                except TimeoutError:
                    return self._holds(ready)
                event.clear()
            return True
        finally:
            with self.lock:
                self._listeners.discard(listener)

    def _holds(self, ready: Callable[[], object]) -> bool:
        with self.lock:
            return bool(ready())
