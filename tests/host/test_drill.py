"""The drill: a pretend emergency through the whole chain, with a person at the desk."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import msgspec
import pytest

from bot.host import desk, drill, staff
from bot.host.facts import HouseFacts, Intake
from bot.host.receive import Host
from bot.host.staff import Seat
from bot.library import hours
from bot.messages import LANGUAGES, Language, Words
from bot.store import chats, reports
from bot.store.database import Tx
from tests.conversation.talk import SAFE_WORDS
from tests.host.house import House, opened

FACTS = HouseFacts("Rumah Ujian", SAFE_WORDS, demo=False, desk_hours=hours.parse("24h"))
WORKER = Seat("worker-1", "aminah", "worker", LANGUAGES, "csrf")


def practising(house: House) -> Host:
    """The host of the drill's own process, on the server's database."""
    facts = msgspec.structs.replace(FACTS, drill=True)
    return Host(house.store, house.host.library, house.host.screen, facts, clock=house.clock)


async def is_open(house: House) -> bool:
    return await house.store.run(lambda tx: Intake(FACTS).open(tx, house.clock()))


async def taken(house: House) -> str:
    """The case, once it stands in the queue and the worker has taken it."""
    for _ in range(200):
        rows = await house.store.run(reports.queue)
        if rows and await desk.claim(house.host, WORKER, rows[0].case) == "done":
            return rows[0].case
        await asyncio.sleep(0.02)
    raise AssertionError("no report came to the desk")


async def work(house: House) -> None:
    """Take it, answer it, close it."""
    case = await taken(house)
    words = Words("we are here")
    assert (
        await desk.reply(house.host, WORKER, case, once="r1", text=words, language="en") == "done"
    )


async def played(house: House, language: Language, wait_s: float) -> list[drill.Step]:
    steps = drill.run(practising(house), language, wait_s=wait_s, clock=time.monotonic)
    return [step async for step in steps]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_drill_that_is_claimed_and_answered_opens_the_intake(
    tmp_path: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill, "LOOK_S", 0.02)
    async with opened(tmp_path, facts=FACTS) as house:
        await staff.add(
            house.store, "aminah", "worker", ("ms", "en"), "a long enough one", now=house.clock()
        )
        assert not await is_open(house)
        work_done = asyncio.create_task(work(house))
        steps = await played(house, language, 10)
        await work_done
        assert [step.name.split(":")[0] for step in steps] == [
            "door", "screening", "consent", "delivery", "claim", "answer",
        ]  # fmt: skip
        assert all(0 <= step.seconds < 10 for step in steps)
        assert await is_open(house)
        assert await house.store.run(_marked) == [True]
        assert house.raw("SELECT count(*) FROM chats") == [(0,)]


def _marked(tx: Tx) -> list[bool]:
    return [row.drill for row in reports.queue(tx)]


async def test_a_drill_nobody_takes_says_so_and_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill, "LOOK_S", 0.02)
    async with opened(tmp_path, facts=FACTS) as house:
        with pytest.raises(drill.DrillFailed, match="claim"):
            await played(house, "en", 0.2)
        assert not await is_open(house)
        assert house.raw("SELECT count(*) FROM chats") == [(0,)]


async def test_a_drill_that_screening_does_not_hear_fails_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path, facts=FACTS) as house:
        host = practising(house)
        monkeypatch.setattr(
            host.library.texts, "get", lambda *_, **__: "nothing is wrong", raising=True
        )
        child = drill._Child(host, "en")
        with pytest.raises(drill.DrillFailed, match="screening"):
            await child.tell()


async def test_a_real_childs_emergency_is_no_drill(tmp_path: Path) -> None:
    async with opened(tmp_path, facts=FACTS) as house:
        await house.onboard("child")
        await house.say("child", "i just took all the pills to die")

        def drills(tx: Tx) -> list[bool]:
            found = chats.find(tx, house.incoming("child").chat)
            assert found is not None
            return [row.drill for row in reports.queue(tx)]

        assert await house.store.run(drills) == []
