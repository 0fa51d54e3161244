"""Taking a report back: at once where nothing has left, else asked for, and told truthfully."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Unreadable
from bot.store import deliveries, keys, reports
from tests.conversation.said import EMERGENCY, THREAT
from tests.conversation.talk import MINUTE, SECOND, text
from tests.handoff.fake_intake import LOST, half_open
from tests.handoff.post_scene import Scene, scene

ASKED = text("en", "report.take_back_asked", operator="Rumah Ujian")
DONE = text("en", "report.taken_back")
TOO_LATE = text("en", "report.too_late")


async def is_empty(post: Scene, case: str) -> bool:
    """Words, facts and key are gone here."""
    found = await post.house.store.run(lambda tx: reports.get(tx, case))
    assert found is not None
    assert found.facts is None
    assert await post.house.store.run(lambda tx: reports.words(tx, case)) == []
    with pytest.raises(Unreadable):
        await post.house.store.run(lambda tx: keys.get(tx, case))
    return found.row.status in ("withdrawn", "erased")


async def test_before_the_first_try_it_is_taken_back_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        assert DONE in await post.take_back("a")
        assert await post.later(10 * MINUTE) == 0
        assert post.fake.calls == []
        assert await is_empty(post, case)


async def test_a_received_report_is_asked_for_and_the_answer_kept_for_the_next_look(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        await post.deliver()
        said = await post.take_back("a")
        assert ASKED in said
        assert DONE not in said
        assert ASKED in await post.say("a", "open")
        rows = await post.house.last("a")
        await post.deliver()
        assert post.fake.withdrawn == [case]
        assert await post.house.last("a") == rows, "nothing is pushed"
        assert await is_empty(post, case)
        assert DONE in await post.say("a", "open")
        assert text("en", "relay.nothing") in await post.say("a", "open")


async def test_what_a_person_has_read_stays_and_the_child_hears_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        await post.deliver()
        post.fake.read.add(case)
        assert ASKED in await post.take_back("a")
        await post.deliver()
        assert TOO_LATE in await post.say("a", "open")
        found = await post.house.store.run(lambda tx: reports.get(tx, case))
        assert found is not None
        assert found.row.read_at is not None
        assert "Passed on" in await post.say("a", "one more thing")
        await post.deliver()
        assert post.fake.texts == ["one more thing"]
        await post.tap("a", "done")
        assert TOO_LATE in await post.take_back("a"), "known by now, nothing is asked"


async def test_what_has_not_left_is_never_sent_after_it_was_taken_back(tmp_path: Path) -> None:
    """The report's answer was lost and a message waits behind it."""
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        post.fake.next["report"] = [LOST]
        await post.deliver()
        await post.tap("a", "add")
        await post.say("a", "this must not leave")
        await post.tap("a", "done")
        assert ASKED in await post.take_back("a")
        await post.later(10 * MINUTE)
        assert post.fake.called("report") == [500]
        assert post.fake.called("message") == []
        assert post.fake.withdrawn == [case]
        assert DONE in await post.say("a", "open")


async def test_a_report_the_intake_does_not_know_is_gone_once_no_call_can_still_arrive(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as post:
        case = await post.tell("a")
        await post.finish("a")
        await post.deliver()
        assert ASKED in await post.take_back("a")
        async with post.fake.up():
            await post.deliver()
            assert post.fake.called("withdraw") == [404]
            assert ASKED in await post.say("a", "open"), "a slow call could still be taken"
            await post.later(5 * MINUTE)
            assert ASKED in await post.say("a", "open")
            await post.later(2 * MINUTE)
            assert DONE in await post.say("a", "open")
            assert post.fake.reports == {}
            assert await is_empty(post, case)


async def test_the_wish_waits_for_a_call_that_is_under_way(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        case = await post.tell("a")
        await post.finish("a")
        now = post.house.clock()
        await post.house.store.run(
            lambda tx: deliveries.claim(tx, now=now, limit=9, lease_us=30 * SECOND)
        )
        assert ASKED in await post.take_back("a")
        assert await post.deliver() == 0
        await post.later(31 * SECOND)
        assert post.fake.called("withdraw") == [404]
        assert post.fake.called("report") == []
        assert await post.status(case) == "sent"


async def test_a_lost_answer_to_the_wish_is_asked_for_once_more(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        await post.tell("a")
        await post.finish("a")
        await post.deliver()
        await post.take_back("a")
        post.fake.next["withdraw"] = [LOST, 409]
        await post.deliver()
        await post.later(10 * SECOND)
        assert post.fake.called("withdraw") == [500, 409, 200]
        assert DONE in await post.say("a", "open")


async def test_an_intake_that_refuses_the_wish_is_for_the_operator(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        await post.tell("a")
        await post.finish("a")
        await post.deliver()
        await post.take_back("a")
        post.fake.always = 409
        for _ in range(5):
            await post.later(10 * MINUTE)
        assert post.fake.called("withdraw") == [409]
        await post.look()
        assert post.alarms.counts["withdraw refused"] == 1
        assert ASKED in await post.say("a", "open")


async def test_what_is_told_while_the_wish_is_open_is_a_new_case(tmp_path: Path) -> None:
    async with scene(tmp_path) as post:
        case = await post.tell("a")
        await post.finish("a")
        async with half_open(post.fake.port):
            await post.deliver()
        await post.take_back("a")
        assert "999" in await post.say("a", EMERGENCY["en"])
        cases = post.house.raw("SELECT case_id, status FROM reports ORDER BY created_at")
        assert [status for _, status in cases] == ["sent", "draft"]
        words = await post.house.store.run(lambda tx: reports.words(tx, cases[1][0]))
        assert [line.text.reveal() for line in words] == [EMERGENCY["en"]]
        old = await post.house.store.run(lambda tx: reports.words(tx, case))
        assert [line.text.reveal() for line in old] == [THREAT["en"]]


async def test_on_a_phone_that_others_use_the_code_comes_first(tmp_path: Path) -> None:
    async with scene(tmp_path) as post, post.fake.up():
        await post.house.onboard("a")
        await post.say("a", THREAT["en"])
        for choice in ("help", "yes", "others_too", "yes", "p1", "p2", "p3", "p4"):
            await post.tap("a", choice)
        await post.finish("a")
        await post.deliver()
        assert ASKED in await post.take_back("a")
        await post.deliver()
        said = await post.say("a", "open")
        assert DONE not in said
        for choice in ("p1", "p2", "p3", "p4"):
            said = await post.tap("a", choice)
        assert DONE in said
