"""What goes out when Telegram is too busy, away, or loses its answer: order, lanes, chats apart."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from pathlib import Path

from bot.conversation.ids import Ids
from bot.messages import Chat, Lane, Outgoing
from bot.store import chats, outbox
from bot.store.database import Tx
from bot.store.outbox import Claim
from tests.conversation.said import THREAT
from tests.platforms.bot_api_people import Person
from tests.platforms.stage import Stage, stage
from tests.platforms.telegram_scene import Clock, heard, history, known, menu_shown, sends, texts
from tests.platforms.test_story import said

SEEDS = itertools.count(1)
HOUR_US = 3600 * 1_000_000


def chat_id(tx: Tx, person: Person) -> str:
    found = chats.find(tx, Chat("telegram", str(person.id)))
    assert found is not None
    return found


async def queue(
    scene: Stage, person: Person, lines: Sequence[str], lane: Lane, *, claim: Claim | None = None
) -> None:
    """Messages that wait in the outbox, as a restart would find them."""
    now, seed = scene.host.clock(), next(SEEDS).to_bytes(16, "big")

    def add(tx: Tx) -> None:
        ids = Ids(now, seed)
        for line in lines:
            outbox.add(
                tx, id=ids.take(), chat_id=chat_id(tx, person), profile=None, turn=99, lane=lane,
                outgoing=Outgoing(line), now=now, expires_at=now + 24 * HOUR_US,
                claim=claim,
            )  # fmt: skip

    await scene.host.store.run(add)


async def drained(scene: Stage) -> None:
    """What is due is sent, not only at the worker's next round."""
    await scene.teman.platforms.sender.send_due()


async def attempts(scene: Stage, person: Person) -> list[int]:
    """How often each waiting row of the person was tried."""
    rows = await scene.host.store.run(lambda tx: outbox.pending(tx, chat_id(tx, person), after=0))
    return [row.attempts for row in rows]


async def states(scene: Stage) -> dict[str, int]:
    counts = await scene.host.store.run(outbox.counts)
    return {state: count for (_, state), count in counts.items()}


def came(person: Person, lines: Sequence[str]) -> list[str]:
    """These lines, in the order they came."""
    wanted = set(lines)
    return [line.text for line in person.history if line.text in wanted]


async def test_one_chat_that_must_wait_slows_no_other(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        slow, quick = await known(scene), await known(scene)
        scene.bot.troubles.chat(slow.id, 429)
        before = sends(scene, slow)
        slow.write(THREAT["en"])
        await heard(scene, lambda: sends(scene, slow) > before)
        started = time.monotonic()
        for _ in range(10):
            quick.write("menu")
            await quick.wait_for(menu_shown())
        assert time.monotonic() - started < 1.0
        assert not slow.lines.answers
        scene.bot.troubles.calm()
        await slow.wait_for(said("en", "care.threat_now"))


async def test_order_holds_while_every_third_call_fails(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        people = [await known(scene) for _ in range(4)]
        lines = [f"line {number}" for number in range(2)]
        scene.bot.troubles.every(3, 500)
        await asyncio.gather(*(queue(scene, person, lines, "care") for person in people))
        await drained(scene)
        for person in people:
            await person.wait_for(lines[-1])
        await scene.settled()
        assert {call.status for call in scene.bot.called("sendMessage")} == {200, 500}
        for person in people:
            assert came(person, lines) == lines


async def test_care_overtakes_a_bubble_that_waits(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        before = sends(scene, person)
        scene.bot.troubles.next(1, 429)
        await queue(scene, person, ["a quiz"], "normal")
        await drained(scene)
        assert sends(scene, person) > before
        await queue(scene, person, ["relayed"], "relay")
        await queue(scene, person, ["care"], "care")
        await drained(scene)
        await person.wait_for("a quiz")
        assert came(person, ["a quiz", "care", "relayed"])[-1] == "a quiz"


async def test_a_new_turn_takes_the_place_of_a_bubble_that_waits(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        before = sends(scene, person)
        scene.bot.troubles.next(1, 429)
        person.write("privacy")
        await heard(scene, lambda: sends(scene, person) > before)
        await scene.settled()
        started = time.monotonic()
        person.write(THREAT["en"])
        await person.wait_for(said("en", "care.threat_now"))
        assert time.monotonic() - started < 0.9, "care waits for nobody"
        await scene.settled()
        found = await states(scene)
        assert found["superseded"] == 1
        assert "waiting" not in found
        assert not history(person, said("en", "privacy.text", operator="Teman demo", days=30)[:30])


async def test_a_row_is_sent_again_at_most_once_when_its_answer_is_lost(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        for trouble in ("lost", "short"):
            getattr(scene.bot.troubles, trouble)(1)
            person.write("menu")
            await person.wait_for(2)
            await scene.settled()
            assert len(person.lines.answers) == 2
        assert set(await states(scene)) == {"sent"}


async def test_an_hour_without_telegram_loses_nothing(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "webhook", clock=clock) as scene:
        people = [await known(scene) for _ in range(6)]
        lines = ["one", "two", "three"]
        scene.bot.troubles.down()
        for person in people:
            person.write(THREAT["en"])
        await scene.bot.settled()
        for person in people:
            await queue(scene, person, lines, "care")
        await through_an_hour(scene, people[0], clock)
        scene.bot.troubles.up()
        clock.passes(400)
        started = time.monotonic()
        for person in people:
            await person.wait_for("three")
        assert time.monotonic() - started < 4
        await scene.settled()
        for person in people:
            assert len(history(person, said("en", "care.threat_now"))) == 1
            assert texts(person.lines.answers)[-3:] == lines
            assert len(person.lines.answers) == 4
        assert scene.teman.alarms.counts["telegram does not answer"] == 1
        assert not scene.teman.platforms.sender.outcomes.health.silent("telegram")


async def through_an_hour(scene: Stage, person: Person, clock: Clock) -> None:
    """Each try fails, and the next one waits longer."""
    for tries in range(1, 9):
        await drained(scene)
        async with asyncio.timeout(10):
            while (await attempts(scene, person))[0] < tries:
                await asyncio.sleep(0.01)
        clock.passes(400)


async def test_a_poll_hears_again_soon_after_an_outage(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        scene.bot.troubles.down()
        post = person.write(THREAT["en"])
        scene.bot.troubles.up()
        await person.wait_for(said("en", "care.threat_now"))
        await heard(scene, lambda: post.done)
        assert len(history(person, said("en", "care.threat_now"))) == 1


async def test_many_chats_at_once_each_keep_their_order(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        people = [await known(scene) for _ in range(12)]
        scene.bot.troubles.slow(0.02)
        for word in ("privacy", "menu", "help"):
            for person in people:
                person.write(word)
        for person in people:
            await person.wait_for("15999")
        await scene.settled()
        found = await states(scene)
        assert set(found) <= {"sent", "superseded"}
