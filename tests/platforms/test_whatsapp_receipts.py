"""What follows a send: the sign that an answer is coming, receipts, and answers that were lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conversation.said import THREAT
from tests.platforms.graph_api_people import Person
from tests.platforms.screen import Line
from tests.platforms.stage import Clock, Stage
from tests.platforms.trouble import Troubles
from tests.platforms.whatsapp_scene import (
    DAY,
    lines_of,
    met,
    open_door,
    parked,
    posts,
    said,
    state_of,
    states,
    write,
)

ATTEND_S = 25.0
COURTESY_S = 1.0
STRIKES: tuple[Callable[[Troubles], None], ...] = (
    lambda troubles: troubles.next(1, 190),
    lambda troubles: troubles.next(1, 130429),
    lambda troubles: troubles.html(1),
    lambda troubles: troubles.garbage(1),
    lambda troubles: troubles.cut(1),
    lambda troubles: troubles.lost(1),
)


def order(scene: Stage) -> list[str]:
    return [call.method for call in scene.graph.calls]


async def later(scene: Stage, clock: Clock, seconds: float) -> None:
    clock.pass_time(seconds)
    await scene.teman.platforms.sender.send_due()


# -- the sign that an answer is coming


async def test_read_and_typing_come_once_in_25_seconds_and_before_the_answer(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        assert order(scene) == ["read"] + ["messages"] * 5
        mine = [line.id for line in person.history if line.mine]
        assert person.read == person.typing == mine[:1]
        clock.pass_time(ATTEND_S - 5)
        await write(person, "menu")
        assert len(person.read) == 1
        clock.pass_time(6)
        last = person.write("menu")
        await person.wait_for(1)
        await scene.settled()
        assert order(scene)[-2:] == ["read", "messages"]
        assert person.read[-1] == person.history[-2].id
        scene.graph.again(last)
        await scene.graph.settled()
        assert len(person.read) == 2
        other = await met(scene)
        assert len(other.read) == 1


async def test_its_failure_never_harms_the_answer(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        scene.graph.troubles.only("read")
        for strike in STRIKES:
            clock.pass_time(ATTEND_S)
            strike(scene.graph.troubles)
            reads = order(scene).count("read")
            await write(person, "menu")
            assert order(scene).count("read") == reads + 1
        assert not scene.teman.alarms.counts


async def test_its_slowness_delays_the_answer_by_a_second_at_most(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        scene.graph.troubles.only("read")
        scene.graph.troubles.half_open(1)
        clock.pass_time(ATTEND_S)
        asked = scene.graph.now()
        await write(person, THREAT["en"])
        assert order(scene)[-2:] == ["read", "messages"]
        assert scene.graph.calls[-1].at - asked < COURTESY_S + 0.5
        assert len(lines_of(person, said("en", "care.threat_now"))) == 1


# -- answers that were lost, and receipts


async def test_a_receipt_of_a_send_whose_answer_was_lost_prevents_a_second_copy(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        clock.stand_still()
        for number in range(2, 5):
            scene.graph.troubles.lost(1)
            await write(person, "menu")
            await scene.settled()
            assert (await states(scene))["waiting"] == 1
            scene.graph.report(person.screen[-1], "delivered")
            await scene.graph.settled()
            assert (await states(scene)).keys() == {"sent"}
            await later(scene, clock, 60)
            assert len(lines_of(person, said("en", "menu.ask"))) == number


async def test_without_a_receipt_it_is_repeated_once(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        scene.graph.troubles.lost(1)
        await write(person, THREAT["en"])
        await person.wait_for(2)
        await later(scene, clock, 600)
        assert len(lines_of(person, said("en", "care.threat_now"))) == 2


async def answered_then_refused(scene: Stage, person: Person, code: int) -> Line:
    """An answer was taken and stands; then the platform says that it did not arrive."""
    await write(person, THREAT["en"])
    await scene.settled()
    line = person.screen[-1]
    scene.graph.report(line, "failed", code)
    await scene.graph.settled()
    return line


async def test_a_late_refusal_that_passes_is_tried_again(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        for code, wait in ((131000, 1.0), (131056, 1.5), (131049, DAY + 1)):
            person = await met(scene)
            await answered_then_refused(scene, person, code)
            tries = len(posts(scene, person))
            await later(scene, clock, wait)
            await person.wait_for(2)
            assert len(posts(scene, person)) == tries + 1
            await later(scene, clock, 600)
            assert len(lines_of(person, said("en", "care.threat_now"))) == 2, code


async def test_a_late_refusal_for_ever_is_parked(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        for code in (131050, 131009, 132001):
            person = await met(scene)
            await answered_then_refused(scene, person, code)
            await later(scene, clock, 600)
            assert len(lines_of(person, said("en", "care.threat_now"))) == 1
            assert any(f"({code})" in reason for reason in await parked(scene))
            assert THREAT["en"] not in str(await parked(scene))


async def test_a_late_refusal_of_somebody_who_cannot_be_reached(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        await answered_then_refused(scene, person, 131026)
        assert (await state_of(scene, person)).blocked
        assert (await states(scene))["parked"] == 1


async def test_receipts_of_nobody_s_messages_harm_nothing(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        before = await states(scene)
        for mark in ("", "unknown", "x" * 600, "ü'--"):
            for code in (131026, 131000, 131042, 131047):
                errors = [{"code": code}]
                said_ = {"id": "w", "status": "failed", "biz_opaque_callback_data": mark}
                scene.graph.post(scene.graph.envelopes.value(statuses=[said_ | {"errors": errors}]))
        await scene.graph.settled()
        assert await states(scene) == before
        await write(person, "menu")
