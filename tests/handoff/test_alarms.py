"""What must not pass unnoticed: told once to the child, the log, the metrics and an address."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.host.alarms import Alarms
from bot.web import metrics
from tests.conversation.said import EMERGENCY
from tests.conversation.talk import DAY, MINUTE, SECOND, text
from tests.handoff.listener import Listener
from tests.handoff.post_scene import Scene, scene

DELAYED = text("en", "care.delayed")


def alarms_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.getMessage().startswith("ALARM")]


async def shown(post: Scene) -> str:
    """The metrics page, as this machine reads it."""
    app = Starlette(routes=metrics.routes(post.house.host, post.alarms, ""))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://teman.test") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    return answer.text


async def test_an_emergency_not_received_in_five_minutes_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener()
    async with listener.up(), scene(tmp_path, alarm_url=listener.url) as post:
        case = await post.tell("a", EMERGENCY["en"])
        await post.deliver()
        post.house.clock.move(4 * MINUTE + 50 * SECOND)
        await post.look()
        assert listener.taken == []
        rows = await post.house.last("a")
        post.house.clock.move(10 * SECOND)
        await post.look()
        assert [(a["alarm"], a["about"]) for a in listener.taken] == [
            ("emergency not received", case)
        ]
        told = await post.house.rows("a", after=rows)
        assert DELAYED in told[0].outgoing.text
        assert "999" in told[0].outgoing.text
        assert "teman_emergencies_not_received 1.0" in await shown(post)
        assert 'teman_alarms_total{kind="emergency not received"} 1.0' in await shown(post)
        post.restarted()
        again = Alarms(clock=post.house.clock, url=listener.url, client=post.alarms._client)
        for _ in range(3):
            post.house.clock.move(20 * MINUTE)
            post.alarms = again
            await post.look()
        assert len(listener.taken) == 1
        assert len(alarms_of(caplog)) == 1
        assert len(await post.house.rows("a", after=rows)) == 1
        async with post.fake.up():
            await post.later()
        assert "teman_emergencies_not_received 0.0" in await shown(post)


async def test_what_arrived_meanwhile_is_no_longer_said_to_be_undelivered(tmp_path: Path) -> None:
    async with scene(tmp_path) as post:
        await post.tell("a", EMERGENCY["en"])
        await post.say("a", "hide")
        await post.later(6 * MINUTE)
        await post.look()
        async with post.fake.up():
            await post.later()
        await post.say("a", "umbrella")
        assert DELAYED not in await post.say("a", "open")


async def test_the_rest_is_told_after_an_hour_and_a_refusal_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as post:
        await post.tell("a")
        await post.finish("a")
        post.house.clock.move(59 * MINUTE)
        await post.look()
        assert alarms_of(caplog) == []
        post.house.clock.move(2 * MINUTE)
        await post.look()
        assert ["report not received" in line for line in alarms_of(caplog)] == [True]
        assert DELAYED in (await post.house.rows("a"))[-1].outgoing.text
        async with post.fake.up():
            refused = await post.tell("b")
            await post.finish("b")
            post.fake.next["report"] = [422, 422]
            await post.deliver()
            await post.look()
            assert DELAYED in (await post.house.rows("b"))[-1].outgoing.text
            assert refused in alarms_of(caplog)[-1]
            post.house.clock.move(DAY)
            await post.look()


async def test_an_address_that_fails_is_tried_a_few_times_and_harms_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(failures=2)
    async with listener.up(), scene(tmp_path, alarm_url=listener.url) as post:
        assert post.alarms.sound("telegram stopped", "401")
        assert not post.alarms.sound("telegram stopped", "401")
        assert post.alarms.sound("telegram stopped", "409")
        await post.alarms.settled()
        assert sorted(a["about"] for a in listener.taken) == ["401", "409"]
        assert listener.taken[0]["at"].endswith("Z")
        post.house.clock.move(10 * MINUTE)
        assert post.alarms.sound("telegram stopped", "401")
        await post.alarms.settled()
        assert len(listener.taken) == 3
    async with scene(tmp_path, alarm_url=listener.url) as post:
        assert post.alarms.sound("telegram stopped", "401")
        await post.alarms.settled()
        assert "did not take an alarm" in caplog.text
    async with scene(tmp_path, alarm_url="http://127.0.0.1:1/[") as post:
        assert post.alarms.sound("telegram stopped", "401")
        await post.alarms.settled()


async def test_no_word_of_a_child_stands_in_an_alarm_or_in_the_metrics(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    listener = Listener()
    planted = f"{EMERGENCY['en']} planted-sentence-4k"
    async with listener.up(), scene(tmp_path, alarm_url=listener.url) as post:
        await post.tell("a", planted)
        await post.later(6 * MINUTE)
        await post.look()
        assert listener.taken
        assert "planted" not in str(listener.taken)
        assert "planted" not in await shown(post)
        assert "planted" not in caplog.text


async def test_a_second_emergency_that_does_not_get_through_is_told_too(tmp_path: Path) -> None:
    async with scene(tmp_path) as post:
        async with post.fake.up():
            await post.tell("a")
            await post.later(3 * MINUTE)
            await post.finish("a")
            await post.deliver()
        before = post.alarms.counts["emergency not received"]
        assert text("en", "care.again_emergency") in await post.say("a", EMERGENCY["en"])
        for _ in range(3):
            await post.later(5 * MINUTE)
            await post.look()
        assert post.alarms.counts["emergency not received"] > before
