"""How well each platform is: whether it answers, whether it takes messages, how long to leave it
alone, and whether the operator was told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import msgspec

from bot.messages import ChannelName

log = logging.getLogger(__name__)

SECOND_US: Final = 1_000_000
STOPPED_S: Final = 60.0
"""How long a platform that takes nothing from us is left alone before one more try."""
SILENT_US: Final = 5 * 60 * SECOND_US

Alarm = Callable[[str, str], object]
"""Tells the operator: what kind of trouble, and about what. Never a user's word."""


class _State(msgspec.Struct):
    """`paused_until` and `silent_since` are µs UTC; 0: not so. `told`: the operator knows."""

    paused_until: int = 0
    silent_since: int = 0
    told: bool = False


class Health:
    """Of every platform that was heard of. `clock` gives µs UTC."""

    def __init__(self, clock: Callable[[], int], alarm: Alarm) -> None:
        self._clock = clock
        self._alarm = alarm
        self._states: dict[ChannelName, _State] = {}

    def paused(self, channel: ChannelName) -> bool:
        """Whether nothing is sent to it at the moment."""
        return self._of(channel).paused_until > self._clock()

    def pause(self, channel: ChannelName, seconds: float) -> None:
        """Leave it alone for so long; a longer pause that was asked for before stands."""
        state = self._of(channel)
        state.paused_until = max(state.paused_until, self._clock() + int(seconds * SECOND_US))

    def stopped(self, channel: ChannelName, reason: str, *, one: bool = False) -> None:
        """It takes nothing from us until a person acts."""
        if not one:
            self.pause(channel, STOPPED_S)
            self._of(channel).told = True
        self._alarm(f"{channel} takes no messages", reason)

    def silent(self, channel: ChannelName) -> bool:
        """Whether it has not answered for so long that the operator was told."""
        return self._of(channel).told

    def unanswered(self, channel: ChannelName) -> None:
        """It did not answer."""
        state = self._of(channel)
        state.silent_since = state.silent_since or self._clock()

    def answered(self, channel: ChannelName) -> bool:
        """It took a message. True when it had not before: what waited for that may go."""
        state = self._of(channel)
        if not state.silent_since and not state.told:
            return False
        self._states[channel] = _State()
        log.info("%s answers again", channel)
        return True

    def watch(self) -> None:
        """Tell the operator of a platform that has not answered for minutes."""
        now = self._clock()
        for channel, state in self._states.items():
            if state.silent_since and not state.told and now - state.silent_since > SILENT_US:
                state.told = True
                self._alarm(f"{channel} does not answer", channel)

    def _of(self, channel: ChannelName) -> _State:
        return self._states.setdefault(channel, _State())
