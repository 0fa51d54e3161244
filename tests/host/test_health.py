"""Whether a platform answers, and who is told when it does not."""

from __future__ import annotations

from bot.host.health import SILENT_US, STOPPED_S, Health
from bot.host.outcomes import BACKOFF_S, JITTER, backoff
from tests.conversation.talk import MINUTE, SECOND
from tests.host.house import Clock


class Told:
    """An operator with an ear."""

    def __init__(self) -> None:
        self.alarms: list[tuple[str, str]] = []

    def __call__(self, kind: str, about: str) -> None:
        self.alarms.append((kind, about))


def test_a_platform_that_is_silent_for_minutes_is_told_once() -> None:
    clock, told = Clock(), Told()
    health = Health(clock, told)
    health.unanswered("telegram")
    clock.move(SILENT_US - SECOND)
    health.watch()
    assert told.alarms == []
    health.unanswered("telegram")
    clock.move(2 * SECOND)
    health.watch()
    health.watch()
    assert told.alarms == [("telegram does not answer", "telegram")]
    assert health.answered("telegram")
    assert not health.answered("telegram")
    clock.move(60 * MINUTE)
    health.watch()
    assert len(told.alarms) == 1


def test_a_platform_that_takes_nothing_is_left_alone_and_told() -> None:
    clock, told = Clock(), Told()
    health = Health(clock, told)
    health.stopped("whatsapp", "the token has expired (190)")
    assert told.alarms == [("whatsapp takes no messages", "the token has expired (190)")]
    assert health.paused("whatsapp")
    assert not health.paused("telegram")
    clock.move(int(STOPPED_S) * SECOND + 1)
    assert not health.paused("whatsapp")
    assert health.answered("whatsapp")


def test_tries_come_later_and_later_and_not_all_at_once() -> None:
    for attempts, base in enumerate(BACKOFF_S, start=1):
        waits = {backoff(attempts) for _ in range(50)}
        assert len(waits) > 1
        assert all(base * (1 - JITTER) <= wait <= base * (1 + JITTER) for wait in waits)
    assert backoff(99) <= BACKOFF_S[-1] * (1 + JITTER)
    assert backoff(0) <= BACKOFF_S[0] * (1 + JITTER)
