"""How fast somebody may ask: counted in memory, forgotten by a restart."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable

SECOND_US = 1_000_000


class Pace:
    """At most `most` within `window_s` seconds for each key; of at most `keys` keys."""

    def __init__(self, most: int, window_s: int, *, keys: int = 20_000) -> None:
        self.window_s = window_s
        self._most = most
        self._window_us = window_s * SECOND_US
        self._keys = keys
        self._taken: OrderedDict[Hashable, deque[tuple[int, Hashable]]] = OrderedDict()

    def allows(self, key: Hashable, now: int, *, what: Hashable = None) -> bool:
        """Counts one (at `now`, µs UTC) and says whether it is within the limit.

        The same `what` counts once: a browser that sends a message again is not faster for it.
        """
        taken = self._of(key, now)
        if what is not None and any(what == known for _, known in taken):
            return True
        if len(taken) >= self._most:
            return False
        taken.append((now, what))
        return True

    def forget(self, key: Hashable) -> None:
        """Start anew with this key."""
        self._taken.pop(key, None)

    def _of(self, key: Hashable, now: int) -> deque[tuple[int, Hashable]]:
        taken = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        if len(self._taken) > self._keys:
            self._taken.popitem(last=False)
        # A clock that was set back must not lock anybody out: what lies in the future goes, too.
        while taken and not 0 <= now - taken[0][0] < self._window_us:
            taken.popleft()
        return taken


def client(host: str | None) -> str | None:
    """The key a client is counted under; None for this machine itself, where a proxy or a test
    stands for many.
    """
    return None if host is None or host == "::1" or host.startswith("127.") else host
