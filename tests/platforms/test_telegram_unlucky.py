"""Hide, a store that breaks, a full house and a long absence at the wrong moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from bot.host import receive, sending
from bot.store.database import Store, Tx
from tests.conversation.said import THREAT
from tests.platforms.bot_api_people import Person
from tests.platforms.stage import Stage, stage
from tests.platforms.telegram_scene import (
    Clock,
    fragile,
    heard,
    history,
    known,
    newcomer,
    sends,
)
from tests.platforms.test_story import button, said, tap, tell, write
from tests.platforms.test_telegram_hide import disclosed, only_a_tip

T = TypeVar("T")
CARE = said("en", "care.threat_now")
HOURS_5 = 5 * 3600.0


def standing(person: Person) -> bool:
    return any(CARE in line.text for line in person.screen)


async def test_hide_that_was_put_off_is_not_replaced_by_the_next_answer(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        await disclosed(person)
        await scene.settled()
        assert standing(person)
        scene.bot.troubles.only("deleteMessages")
        scene.bot.troubles.next(1, 500)
        person.write("hide")
        await heard(scene, lambda: scene.bot.called("deleteMessages"))
        person.write("hi")
        await heard(scene, lambda: not standing(person), 6)


async def test_hide_and_a_word_in_one_batch_leave_nothing_standing(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        await disclosed(person)
        await scene.settled()
        scene.bot.troubles.slow(0.3)
        for words in ("menu", "hide", "ok"):
            person.write(words)
        await heard(scene, lambda: not standing(person), 8)
        await scene.settled()
        assert not standing(person)


async def test_somebody_who_left_and_came_back_is_asked_who_is_here(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "poll", clock=clock) as scene:
        person = newcomer(scene)
        await write(person, "hi")
        await tap(person, said("en", "language.name"))
        await tap(person, button("en", "parent"))
        await tap(person, button("en", "ok"))
        await scene.settled()
        clock.passes(HOURS_5)
        left = person.block()
        await heard(scene, lambda: left.done)
        clock.passes(HOURS_5)
        back = person.unblock()
        await heard(scene, lambda: back.done)
        person.write("menu")
        await person.wait_for(said("en", "who.ask"))


class Breaks:
    """A real store that fails once in the sender's hands, as a server that went over to reading
    only does: psycopg calls that an internal error, not an operational one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.left = 1

    async def run(self, fn: Callable[[Tx], T]) -> T:
        if self.left and fn.__qualname__.startswith(sending.Sender.__name__):
            self.left -= 1
            raise psycopg.errors.ReadOnlySqlTransaction("a test")
        return await self._store.run(fn)

    async def alone(self) -> bool:
        return await self._store.alone()

    async def close(self) -> None:
        await self._store.close()


async def test_the_sender_outlives_an_error_nobody_thought_of(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        breaks = Breaks(scene.host.store)
        scene.host.store = breaks
        scene.bot.troubles.next(1, 500)
        person.write(THREAT["en"])
        await heard(scene, lambda: history(person, CARE), 8)
        assert not breaks.left, "it was never tried"


async def test_a_store_that_is_away_for_a_minute_has_nothing_sent_twice(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "poll", clock=clock) as scene:
        person = await known(scene)
        store = fragile(scene)
        scene.bot.troubles.slow(0.3)
        before = sends(scene, person)
        person.write(THREAT["en"])
        await heard(scene, lambda: sends(scene, person) > before)
        store.down = True
        await asyncio.sleep(0.7)
        clock.passes(70)
        store.down = False
        await asyncio.sleep(1.6)
        await scene.settled()
        assert len(history(person, CARE)) == 1


async def test_a_phone_that_was_put_down_is_not_written_to_about_a_delay(tmp_path: Path) -> None:
    """No intake answers; the people on duty hear of it, a lock screen hours later does not."""
    clock = Clock()
    nowhere: dict[str, Any] = {
        "intake": "webhook",
        "intake_url": "http://127.0.0.1:9/x",
        "intake_secret": "s" * 16,
    }
    async with stage(tmp_path, "poll", clock=clock, **nowhere) as scene:
        person = await known(scene)
        await tell(person, "en")
        await scene.settled()
        before = len(person.history)
        clock.passes(3 * 3600)
        counts = scene.teman.alarms.counts
        async with asyncio.timeout(8):
            while not counts["report not received"]:
                await asyncio.sleep(0.05)
        await scene.settled()
        assert len(person.history) == before


async def test_refused_care_gives_the_help_lines(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        scene.bot.troubles.next(1, 400)
        person.write(THREAT["en"])
        await person.wait_for(receive.help_line_in("en").text)
        await scene.settled()


async def test_refused_care_that_was_hidden_meanwhile_gives_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        before = sends(scene, person)
        scene.bot.troubles.hold()
        scene.bot.troubles.next(1, 400)
        person.write(THREAT["en"])
        await heard(scene, lambda: sends(scene, person) > before)
        hide = person.write("hide")
        await heard(scene, lambda: hide.done)
        scene.bot.troubles.let_go()
        await person.wait_for(only_a_tip)
        await scene.settled()
        await asyncio.sleep(0.2)
        await scene.settled()
        assert only_a_tip(person.screen)
        assert scene.bot.called("sendMessage")[before].status == 400, "nothing was refused"


async def test_care_has_room_of_its_own(tmp_path: Path) -> None:
    """Two hundred strangers' first bubbles fill every place there is, for two seconds each."""
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        scene.bot.troubles.slow(2.0)
        before = len(scene.bot.called("sendMessage"))
        crowd = [scene.bot.person() for _ in range(220)]
        for one in crowd:
            one.write("hi")
        await heard(scene, lambda: len(scene.bot.called("sendMessage")) >= before + 64)
        person.write(THREAT["en"])
        await heard(scene, lambda: called_for(scene, person, CARE), 15)
        waited = await rest(scene, crowd)
        assert waited > 0, "the crowd was served before the child: there was no queue"


def called_for(scene: Stage, person: Person, words: str) -> list[Any]:
    calls = scene.bot.called("sendMessage")
    return [one for one in calls if one.chat == str(person.id) and words in str(one.params)]


async def rest(scene: Stage, crowd: list[Person]) -> int:
    """How many of them had not yet been written to; and the world is quick again."""
    written = {call.chat for call in scene.bot.called("sendMessage")}
    scene.bot.troubles.calm()
    return sum(str(one.id) not in written for one in crowd)
