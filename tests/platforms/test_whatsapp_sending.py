"""What the platform refuses, error by error: who waits, what is kept, and whom it concerns."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.host import receive
from tests.conversation.said import THREAT
from tests.platforms.graph_api_people import Person
from tests.platforms.stage import Clock, Stage
from tests.platforms.whatsapp_scene import (
    DAY,
    lines_of,
    met,
    open_door,
    parked,
    posts,
    said,
    shown,
    since,
    state_of,
    states,
    tried,
    until,
    write,
)


async def fails(scene: Stage, person: Person, code: int, words: str = "menu") -> int:
    """The person writes, and the answer is refused with this code; gives how often it was tried."""
    await scene.settled()
    before = len(posts(scene, person))
    scene.graph.troubles.next(1, code)
    person.write(words)
    await tried(scene, person, before + 1)
    await scene.settled()
    return before + 1


async def later(scene: Stage, clock: Clock, seconds: float) -> None:
    """Time passes, and what is due is sent."""
    clock.pass_time(seconds)
    await scene.teman.platforms.sender.send_due()


# -- one message of one user


async def test_the_pair_limit_delays_this_user_alone_and_ever_longer(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person, other = await met(scene), await met(scene)
        scene.graph.troubles.chat(person.address, 131056)
        begun = len(posts(scene, person))
        person.write("menu")
        await tried(scene, person, begun + 1)
        await write(other, "menu")
        await scene.settled()
        for number, wait in enumerate((1, 4, 16, 64), 1):
            await later(scene, clock, wait - 1.0)
            assert len(posts(scene, person)) <= begun + number
            await later(scene, clock, 1.0)
            assert len(posts(scene, person)) == begun + number + 1
            await write(other, "menu")
        scene.graph.troubles.calm()
        await later(scene, clock, 256)
        assert said("en", "menu.ask") in person.screen[-1].text
        assert len(lines_of(person, said("en", "menu.ask"))) == 2


async def test_care_overtakes_a_bubble_that_waits(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        tries = await fails(scene, person, 131056)
        scene.graph.troubles.next(1, 131056)
        await tried(scene, person, tries + 1)
        await write(person, THREAT["en"])
        assert said("en", "care.threat_now") in person.screen[-1].text
        await later(scene, clock, 600)
        assert len(lines_of(person, said("en", "menu.ask"))) == 1
        assert (await states(scene))["superseded"] == 1


async def test_a_new_turn_replaces_what_was_not_sent(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        before = len(shown(person))
        scene.graph.troubles.chat(person.address, 131056)
        for word in ("privacy", "menu"):
            tries = len(posts(scene, person))
            person.write(word)
            await tried(scene, person, tries + 1)
        await scene.settled()
        scene.graph.troubles.calm()
        await later(scene, clock, 5)
        await person.wait_for(said("en", "menu.ask"))
        await later(scene, clock, 600)
        assert len(shown(person)) == before + 1


async def test_hide_lets_nothing_out_that_was_not_sent(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        await fails(scene, person, 131047, THREAT["en"])
        await fails(scene, person, 131000, THREAT["en"])
        before = len(shown(person))
        person.write("hide")
        await person.wait_for(lambda _: person.lines.answers)
        scene.graph.troubles.calm()
        await later(scene, clock, 600)
        await later(scene, clock, DAY)
        assert lines_of(person, said("en", "care.threat_now")) == []
        assert len(shown(person)) == before + 1


NEVER = {
    131050: "wants no such messages",
    131062: "phone number",
    131009: "parameter is wrong",
    131008: "parameter is missing",
    131021: "oneself",
    131030: "test list",
    132000: "gaps",
    132001: "no such template",
    132015: "paused",
    132016: "disabled",
    100: "code 100",
}


async def test_what_can_never_arrive_is_parked_with_a_reason(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        for number, (code, reason) in enumerate(NEVER.items(), 1):
            tries = await fails(scene, person, code, THREAT["en"])
            assert sum(reason in one for one in await parked(scene)) == 1, code
            await tried(scene, person, tries + 1)
            assert receive.help_line_in("en").text in since(person), "the help lines in its place"
            await later(scene, clock, 600)
            assert len(posts(scene, person)) == tries + 1
            assert (await states(scene))["parked"] == number
        assert not (await state_of(scene, person)).blocked
        await write(person, "menu")
        assert all(THREAT["en"] not in reason for reason in await parked(scene))
    assert THREAT["en"] not in caplog.text


async def test_somebody_who_cannot_be_reached_is_left_in_peace(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        tries = await fails(scene, person, 131026)
        await until(lambda: _blocked(scene, person))
        await later(scene, clock, DAY)
        assert len(posts(scene, person)) == tries
        await write(person, "menu")
        assert not (await state_of(scene, person)).blocked


async def _blocked(scene: Stage, person: Person) -> bool:
    return (await state_of(scene, person)).blocked


async def test_a_shut_window_holds_the_message_until_the_user_writes(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        tries = await fails(scene, person, 131047, THREAT["en"])
        assert (await states(scene))["held"] == 1
        await later(scene, clock, 6 * 3600)
        assert len(posts(scene, person)) == tries
        person.write("ok")
        await person.wait_for(said("en", "care.threat_now"))
        await scene.settled()
        assert len(lines_of(person, said("en", "care.threat_now"))) == 1


async def test_what_whatsapp_holds_back_waits_a_day(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        tries = await fails(scene, person, 131049, THREAT["en"])
        await later(scene, clock, DAY - 60)
        assert len(posts(scene, person)) == tries
        await later(scene, clock, 120)
        await person.wait_for(said("en", "care.threat_now"))


async def test_passing_trouble_is_tried_again_soon(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        for number, code in enumerate((131000, 131016, 133004, 1, 2), 2):
            await fails(scene, person, code)
            await person.wait_for(1)
            await scene.settled()
            assert len(lines_of(person, said("en", "menu.ask"))) == number


# -- all of them

LIMITS = {130429: 2, 4: 60, 80007: 60, 131057: 60, 131048: 3600}


async def test_a_limit_of_ours_makes_everybody_wait(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        for code, wait in LIMITS.items():
            other = await met(scene)
            await fails(scene, person, code)
            calls = len(scene.graph.called("messages"))
            other.write(THREAT["en"])
            await scene.graph.settled()
            await later(scene, clock, wait - 1.5)
            assert len(scene.graph.called("messages")) == calls, code
            await later(scene, clock, 2)
            await other.wait_for(said("en", "care.threat_now"))
            await person.wait_for(1)
            await scene.settled()


STOPPED = (190, 0, 10, 200, 3, 131042, 131031, 368, 130497, 131005)


async def test_a_platform_that_takes_nothing_is_left_alone_and_told_of(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person, other = await met(scene), await met(scene)
        for number, code in enumerate(STOPPED, 1):
            await fails(scene, person, code)
            assert scene.teman.alarms.counts["whatsapp takes no messages"] == number, code
            other.write(THREAT["en"] if number == 1 else "ok")
            await scene.graph.settled()
            calls = len(scene.graph.called("messages"))
            await later(scene, clock, 50)
            assert len(scene.graph.called("messages")) == calls, code
            await later(scene, clock, 15)
            await person.wait_for(1)
            await other.wait_for(1)
            assert (await states(scene)).keys() == {"sent"}
        assert len(lines_of(other, said("en", "care.threat_now"))) == 1


async def test_a_token_that_expired_is_mended_and_everything_goes_out(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        people = [await met(scene) for _ in range(3)]
        scene.graph.token_valid = False
        for person in people:
            person.write(THREAT["en"])
        await scene.graph.settled()
        await scene.settled()
        for _ in range(20):
            await later(scene, clock, 61)
        assert (await states(scene))["waiting"] == 3
        assert 0 < scene.teman.alarms.counts["whatsapp takes no messages"] <= 3
        scene.graph.token_valid = True
        await later(scene, clock, 61)
        for person in people:
            await person.wait_for(said("en", "care.threat_now"))
        await scene.settled()
        assert all(len(lines_of(p, said("en", "care.threat_now"))) == 1 for p in people)
