"""Messages that a platform bills, counted by the month."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.messages import ChannelName
from bot.store import counters
from bot.store.database import Tx

CHANNEL: Final[ChannelName] = "whatsapp"


def count(tx: Tx, messages: int, *, now: int) -> None:
    """So many more were sent, whatever they said: care is counted and never held back."""
    counters.add(tx, _month(now), messages)


def counted(tx: Tx, *, now: int) -> int:
    """How many were sent in the month of `now` (µs UTC)."""
    return counters.get(tx, _month(now))


def _month(now: int) -> str:
    return f"{CHANNEL}.{datetime.fromtimestamp(now / 1_000_000, UTC):%Y-%m}"
