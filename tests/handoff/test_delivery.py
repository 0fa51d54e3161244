"""A report on its way: when it goes, what goes with it, and that nothing is lost or told twice."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.handoff.webhook import Webhook
from bot.host import console, timekeeping
from bot.store import deliveries, reports
from tests.conversation.said import EMERGENCY, THREAT
from tests.conversation.talk import DAY, MINUTE, SECOND
from tests.handoff.fake_intake import LOST, SECRET, half_open
from tests.handoff.post_scene import scene

PLANTED = "planted-sentence-9z the blue bicycle"


async def test_a_report_goes_when_the_last_question_is_answered(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        assert await post.status(case) == "sent"
        assert await post.deliver() == 0
        await post.finish("a")
        assert await post.deliver() == 1
        assert await post.status(case) == "received"
        assert post.fake.reports[case]["words"][0]["text"] == THREAT["en"]
        assert post.fake.reports[case]["drill"] is False
        assert await post.later(DAY) == 0


async def test_a_report_waits_for_the_questions_two_minutes_at_most(tmp_path: Path) -> None:
    async with scene(tmp_path, prefix="/v1") as post, post.fake.up():
        case = await post.tell("a")
        for typed in ("2", "2", "Discord"):
            await post.say("a", typed)
        assert await post.later(MINUTE) == 0
        assert await post.later(MINUTE) == 1
        report = post.fake.reports[case]
        assert report["where_online"] == "discord"
        assert post.fake.messages == []


async def test_an_emergency_goes_at_once_and_marked_as_a_drill_where_only_drills_go(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, drills_only=True) as post, post.fake.up():
        case = await post.tell("a", EMERGENCY["en"])
        assert await post.deliver() == 1
        assert post.fake.reports[case]["urgency"] == "emergency"
        assert post.fake.reports[case]["drill"] is True


async def test_after_a_week_without_an_intake_everything_arrives_once_and_in_order(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as post:
        cases = [await post.tell("a"), await post.tell("b", EMERGENCY["en"])]
        await post.finish("a")
        await post.deliver()
        await post.tap("a", "add")
        for number in range(5):
            await post.say("a", f"line number {number}")
        tries = 0
        for _ in range(7 * 24):
            tries += await post.later(60 * MINUTE)
        assert tries > 300
        post.restarted()
        assert post.fake.calls == []
        async with post.fake.up():
            assert await post.later(6 * MINUTE) >= 2
            assert set(post.fake.reports) == set(cases)
            said = post.fake.reports[cases[0]]["words"]
            assert [word["text"] for word in said] == [THREAT["en"]], "the rest comes by itself"
            assert post.fake.texts == [f"line number {number}" for number in range(5)]
            assert post.fake.order.index(cases[0]) < post.fake.order.index(
                post.fake.messages[0][1]["id"]
            )
            assert await post.later(DAY) == 0
        assert {state for _, state in await post.states()} == {"done"}
        assert [await post.status(case) for case in cases] == ["received", "received"]


async def test_an_answer_that_was_lost_after_storing_makes_no_second_report(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        post.fake.next["report"] = [LOST]
        assert await post.deliver() == 1
        assert await post.status(case) == "sent"
        await post.tap("a", "add")
        await post.say("a", PLANTED)
        post.fake.next["message"] = [LOST]
        for _ in range(4):
            await post.later(10 * SECOND)
        assert post.fake.called("report") == [500, 409]
        assert post.fake.called("message") == [500, 409]
        assert list(post.fake.reports) == [case]
        assert post.fake.texts == [PLANTED]
        assert len(post.fake.reports[case]["words"]) == 1
        assert await post.status(case) == "received"


@pytest.mark.parametrize("trouble", ["half-open", "no answer", 503, 408, 301])
async def test_what_may_pass_is_tried_again(tmp_path: Path, trouble: str | int) -> None:
    async with scene(tmp_path) as post:
        case = await post.tell("a", EMERGENCY["en"])
        if trouble == "half-open":
            async with half_open(post.fake.port):
                assert await post.deliver() == 1
        async with post.fake.up():
            if trouble != "half-open":
                post.fake.next["report"] = [trouble]
                assert await post.deliver() == 1
            assert await post.status(case) == "sent"
            await post.later(2 * SECOND)
            assert await post.status(case) == "received"


async def test_an_intake_that_asks_to_wait_is_given_the_time(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        await post.tell("a", EMERGENCY["en"])
        post.fake.next["report"] = [(429, {"Retry-After": "45"})]
        assert await post.deliver() == 1
        assert await post.later(44 * SECOND) == 0
        assert await post.later(SECOND) == 1
        assert post.fake.called("report") == [429, 201]


async def test_an_emergency_is_tried_every_half_minute_and_the_rest_every_five(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as post:
        await post.tell("a", EMERGENCY["en"])
        await post.later(30 * MINUTE)
        for wait in range(7):
            await post.later(MINUTE + wait)
        assert [await post.later(30 * SECOND) for _ in range(4)] == [1, 1, 1, 1]
        await post.tell("b")
        await post.finish("b")
        for _ in range(8):
            await post.later(5 * MINUTE)
        begun = post.house.raw("SELECT attempts FROM deliveries ORDER BY created_at")[1][0]
        for _ in range(5):
            await post.later(MINUTE)
        assert post.house.raw("SELECT attempts FROM deliveries ORDER BY created_at")[1][0] <= (
            begun + 2
        )


@pytest.mark.parametrize("status", [401, 422, 400, 404])
async def test_what_is_refused_is_parked_with_an_alarm_until_somebody_retries(
    tmp_path: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a", EMERGENCY["en"])
        post.fake.next["report"] = [status]
        await post.deliver()
        assert await post.later(DAY) == 0
        with caplog.at_level(logging.ERROR):
            await post.look()
            await post.look()
        refused = [r for r in caplog.records if "report refused" in r.getMessage()]
        assert len(refused) == 1
        assert case in refused[0].getMessage()
        stuck = await post.house.store.run(deliveries.stuck)
        assert [(row.kind, row.reason) for row in stuck] == [("report", str(status))]
        assert await console.retry(post.house.store, stuck[0].reference.lower(), now=1) == 1
        assert await console.retry(post.house.store, case, now=1) == 0
        assert await console.retry(post.house.store, "BBB-BBB", now=1) is None
        assert await post.deliver() == 1
        assert await post.status(case) == "received"


async def test_words_behind_a_refused_report_wait_for_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        post.fake.next["report"] = [422]
        await post.deliver()
        await post.tap("a", "add")
        await post.say("a", PLANTED)
        assert await post.later(DAY) == 0
        await console.retry(post.house.store, case, now=post.house.clock())
        assert await post.deliver() == 2
        assert post.fake.texts == [PLANTED]


async def test_a_process_that_dies_in_the_middle_of_a_call_loses_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as post:
        case = await post.tell("a", EMERGENCY["en"])
        async with half_open(post.fake.port):
            calling = asyncio.create_task(post.deliver())
            while post.house.raw("SELECT attempts FROM deliveries") == [(0,)]:
                await asyncio.sleep(0.005)
            calling.cancel()
            await asyncio.gather(calling, return_exceptions=True)
        post.restarted()
        async with post.fake.up():
            assert await post.later(SECOND) == 0, "the lease still stands"
            assert await post.later(30 * SECOND) == 1
            assert await post.status(case) == "received"


async def test_a_long_line_goes_in_pieces_and_changed_facts_in_plain_lines(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.later(2 * MINUTE)
        for typed in ("2", "2", "in a chat on Discord"):
            await post.say("a", typed)
        await post.finish("a")
        await post.deliver()
        assert "in a chat on Discord" in post.fake.texts
        assert "where_online: in a chat on Discord" in post.fake.texts
        await post.tap("a", "add")
        await post.say("a", "x" * 9_000)
        await post.say("a", EMERGENCY["en"])
        await post.deliver()
        pieces = [text for text in post.fake.texts if text.startswith("x")]
        assert [len(piece) for piece in pieces] == [4096, 4096, 808]
        assert any("urgency: emergency" in text.splitlines() for text in post.fake.texts)
        ids = [body["id"] for _, body in post.fake.messages]
        assert len(set(ids)) == len(ids)
        assert {name for name, _ in post.fake.messages} == {case}


async def test_a_report_that_became_an_emergency_does_not_wait(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        assert await post.deliver() == 0
        await post.say("a", EMERGENCY["en"])
        assert await post.deliver() == 1
        assert post.fake.reports[case]["urgency"] == "emergency"
        assert [w["text"] for w in post.fake.reports[case]["words"]] == [
            THREAT["en"],
            EMERGENCY["en"],
        ]


async def test_words_for_a_report_that_is_closed_there_are_not_dropped(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        await post.deliver()
        await post.tap("a", "add")
        await post.say("a", PLANTED)
        post.fake.next["message"] = [410]
        await post.deliver()
        assert await post.status(case) == "closed"
        assert (await post.house.store.run(deliveries.stuck))[0].reason == "410"
        assert "closed it" in await post.say("a", "hello?")
        words = await post.house.store.run(lambda tx: reports.words(tx, case))
        assert PLANTED in [line.text.reveal() for line in words]


async def test_an_emergency_of_a_damaged_chat_goes_elsewhere_too(tmp_path: Path) -> None:
    async with scene(tmp_path, no_answer_policy=True) as post, post.fake.up():
        await post.house.onboard("a")
        await post.say("a", EMERGENCY["en"])
        post.house.raw("UPDATE chats SET state = substr(state, 1, length(state) - 6) || 'AAAAAA'")
        post.house.clock.move(11 * MINUTE)
        await timekeeping.fire(post.house.host)
        assert await post.deliver() == 1
        (report,) = post.fake.reports.values()
        assert report["consent"] == "no_answer"
        assert report["words"][0]["text"] == EMERGENCY["en"]
        assert await post.status(report["id"]) == "received"


async def test_one_damaged_report_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        bad = await post.tell("a", EMERGENCY["en"])
        good = await post.tell("b", EMERGENCY["en"])
        post.house.raw("UPDATE reports SET facts = '1.x.AAAA' WHERE case_id = ?", bad)
        await post.deliver()
        assert list(post.fake.reports) == [good]
        assert [row.case for row in await post.house.store.run(deliveries.stuck)] == [bad]


async def test_no_word_of_a_child_stands_in_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with scene(tmp_path) as post:
        await post.tell("a", f"{THREAT['en']} {PLANTED}")
        await post.finish("a")
        await post.later(MINUTE)
        async with post.fake.up():
            post.fake.always = 422
            await post.later(10 * MINUTE)
            await post.look()
        assert caplog.records
        assert PLANTED not in caplog.text


async def test_the_connector_signs_the_path_as_the_intake_sees_it(tmp_path: Path) -> None:
    async with scene(tmp_path, prefix="/a/b") as post, post.fake.up():
        wrong = Webhook(post.connector._client, post.fake.url, b"another", clock=post.house.clock)
        answer = await wrong.send("message", case="c", id="i", body=b"{}")
        assert (answer.said, answer.reason) == ("refused", "401")
        right = Webhook(
            post.connector._client, post.fake.url, SECRET.encode(), clock=post.house.clock
        )
        assert (await right.send("withdraw", case="c", id="i", body=b"{}")).said == "missing"
