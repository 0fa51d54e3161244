"""The platform is slow, silent, broken or gone: nothing is lost, nobody else waits, and what comes
twice comes twice at most.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.messages import LANGUAGES
from tests.conversation.said import THREAT
from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_api_people import Person
from tests.platforms.stage import Clock, Stage
from tests.platforms.whatsapp_scene import (
    HOUR,
    again,
    heard,
    lines_of,
    met,
    new_key,
    open_door,
    said,
    shown,
    since,
    state_of,
    states,
    write,
)

CARE = said("en", "care.threat_now")


async def later(scene: Stage, clock: Clock, seconds: float) -> None:
    clock.pass_time(seconds)
    await scene.teman.platforms.sender.send_due()


def copies(person: Person, words: str = CARE) -> int:
    return len(lines_of(person, words))


async def arrived(scene: Stage, clock: Clock, person: Person) -> None:
    """Until the words are there: a busy machine may still be at the last try."""
    for _ in range(40):
        if copies(person):
            return
        await asyncio.sleep(0.05)
        await later(scene, clock, 15)


async def test_half_words_pages_and_cut_answers_lose_nothing(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        troubles = scene.graph.troubles
        for strike in (troubles.garbage, troubles.html, troubles.cut, troubles.lost):
            for taken in (False, True):
                person = await met(scene)
                if strike == troubles.lost:
                    strike(2)
                else:
                    strike(2, taken=taken)  # type: ignore[call-arg]
                person.write(THREAT["en"])
                await scene.graph.settled()
                for _ in range(4):
                    await later(scene, clock, 15)
                await arrived(scene, clock, person)
                assert 1 <= copies(person) <= 3
                await write(person, "ok")
                assert copies(person) <= 3
        assert (await states(scene)).keys() == {"sent"}


async def test_one_failure_is_one_repeat_at_most(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        troubles = scene.graph.troubles
        for taken in (False, True):
            person = await met(scene)
            troubles.garbage(1, taken=taken)
            person.write(THREAT["en"])
            await scene.graph.settled()
            await later(scene, clock, 15)
            await later(scene, clock, HOUR)
            assert copies(person) == 1 + taken


async def test_a_tenth_refused_keeps_everything_in_order(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        people = [await met(scene, language) for language in LANGUAGES]
        scene.graph.troubles.every(10)
        for person, language in zip(people, LANGUAGES, strict=True):
            for words in (THREAT[language], "help", "ok", THREAT[language], "help"):
                person.write(words)
        await scene.graph.settled()
        for _ in range(6):
            await later(scene, clock, 20)
        assert (await states(scene)).keys() <= {"sent", "superseded"}
        for person, language in zip(people, LANGUAGES, strict=True):
            answers = [line.text for line in person.lines.answers]
            care = [
                n for n, text in enumerate(answers) if said(language, "care.threat_now") in text
            ]
            assert care
            assert care[0] == 0
            assert "15999" in "".join(answers)


async def test_an_hour_without_the_platform_loses_no_care(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        people = [await met(scene) for _ in range(4)]
        scene.graph.troubles.down()
        for person in people[:3]:
            person.write(THREAT["en"])
        people[3].write("menu")
        await scene.graph.settled()
        for _ in range(8):
            await later(scene, clock, HOUR / 8)
        await _is_told(scene)
        assert not any(person.lines.answers for person in people)
        scene.graph.troubles.up()
        await later(scene, clock, 400)
        for person in people[:3]:
            await person.wait_for(CARE)
        await people[3].wait_for(1)
        await scene.settled()
        assert all(copies(person) == 1 for person in people[:3])
        assert (await states(scene)).keys() == {"sent"}


async def _is_told(scene: Stage) -> None:
    async with asyncio.timeout(5):
        while not scene.teman.alarms.counts["whatsapp does not answer"]:
            await asyncio.sleep(0.01)


async def test_a_restart_in_the_outage_loses_nothing(tmp_path: Path) -> None:
    key = new_key()
    with GraphApi() as world:
        async with again(tmp_path, world, key) as scene:
            person = await met(scene)
            world.troubles.down()
            person.write(THREAT["en"])
            await world.settled()
            await scene.settled()
        world.troubles.up()
        async with again(tmp_path, world, key) as scene:
            await person.wait_for(CARE)
            await scene.settled()
            assert copies(person) == 1
            assert (await state_of(scene, person)).place.name == "care"


async def test_a_slow_platform_slows_nobody_beside(tmp_path: Path) -> None:
    """Thirty people at once, two seconds a call: all have their answer in little more than two."""
    async with open_door(tmp_path) as (scene, clock):
        people = [scene.graph.person("both") for _ in range(30)]
        clock.pass_time(30)
        scene.graph.troubles.slow(2.0)
        began = scene.graph.now()
        for person in people:
            person.write("hi")
        for person in people:
            await person.wait_for(1)
        assert scene.graph.now() - began < 5.0
        await scene.settled()
        assert all(len(shown(person)) == 1 for person in people)


async def test_a_silent_connection_holds_up_only_its_own_bubble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_door(tmp_path) as (scene, clock):
        person, other = await met(scene), await met(scene)
        scene.graph.troubles.half_open(1)
        calls = len(scene.graph.called("messages"))
        person.write("privacy")
        await heard(scene, lambda: len(scene.graph.called("messages")) > calls)
        await write(other, "menu")
        await write(person, THREAT["en"])
        assert CARE in since(person)
        await scene.settled()
        await later(scene, clock, 60)
        assert lines_of(person, "locked with a key") == []
        assert copies(person) == 1
        assert (await states(scene))["superseded"] == 1
    secrets = (THREAT["en"], person.phone, person.user_id, scene.graph.token)
    assert [one for one in secrets if one in caplog.text] == []
