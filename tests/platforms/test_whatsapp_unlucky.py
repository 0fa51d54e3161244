"""A receipt, a refusal or another person at the wrong moment: nothing that was hidden, forgotten or
told by somebody else comes back, and care is not lost to it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation import engine
from bot.host import receive, sending
from tests.conversation.said import THREAT
from tests.platforms.graph_api_people import Person
from tests.platforms.screen import Line
from tests.platforms.stage import Clock, Stage
from tests.platforms.test_story import ANSWER
from tests.platforms.whatsapp_scene import (
    button,
    heard,
    lines_of,
    met,
    open_door,
    posts,
    said,
    state_of,
    states,
    tap,
    told,
    tried,
    write,
)

CARE = said("en", "care.threat_now")


async def later(scene: Stage, clock: Clock, seconds: float) -> None:
    clock.pass_time(seconds)
    await scene.teman.platforms.sender.send_due()
    await scene.settled()


async def cared_for(scene: Stage, person: Person) -> Line:
    await write(person, THREAT["en"])
    await scene.settled()
    return lines_of(person, CARE)[-1]


@pytest.mark.parametrize("code", [131000, 131047])
async def test_a_receipt_after_hide_brings_nothing_back(tmp_path: Path, code: int) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        care = await cared_for(scene, person)
        await hides(scene, person)
        before = len(lines_of(person, CARE))
        scene.graph.report(care, "failed", code)
        await scene.graph.settled()
        person.write("hi")
        await person.wait_for(1)
        await later(scene, clock, 5)
        assert len(lines_of(person, CARE)) == before > 0


async def hides(scene: Stage, person: Person) -> None:
    person.write("hide")
    await person.wait_for(1)
    await scene.settled()


async def test_a_receipt_after_forget_brings_nothing_back(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        care = await cared_for(scene, person)
        await write(person, "forget me")
        person.tap(person.screen[-1].buttons[0].label)
        await person.wait_for(1)
        await scene.settled()
        before = len(lines_of(person, CARE))
        scene.graph.report(care, "failed", 131000)
        await scene.graph.settled()
        await later(scene, clock, 5)
        assert len(lines_of(person, CARE)) == before > 0


async def test_a_receipt_of_the_first_copy_does_not_end_the_second(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        clock.stand_still()
        scene.graph.troubles.lost(1)
        person.write(THREAT["en"])
        await person.wait_for(1)
        await scene.settled()
        assert (await states(scene))["waiting"] == 1
        before = len(lines_of(person, CARE))
        scene.graph.report(person.screen[-1], "failed", 131000)
        await scene.graph.settled()
        await later(scene, clock, 600)
        assert len(lines_of(person, CARE)) == before + 1


async def test_an_old_bubbles_refusal_does_not_stop_todays_care(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        await write(person, "menu")
        await scene.settled()
        old = person.screen[-1]
        scene.graph.troubles.next(1, 131016)
        before = len(posts(scene, person))
        clock.stand_still()
        person.write(THREAT["en"])
        await tried(scene, person, before + 1)
        await scene.settled()
        scene.graph.report(old, "failed", 131026)
        await scene.graph.settled()
        assert not lines_of(person, CARE)
        await later(scene, clock, 600)
        assert lines_of(person, CARE)


async def test_care_hidden_while_its_ticks_are_awaited_never_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ATTEND_S", 30.0)
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        clock.pass_time(60)
        scene.graph.troubles.only("read")
        scene.graph.troubles.hold()
        before = len(scene.graph.called("read"))
        person.write(THREAT["en"])
        await heard(scene, lambda: len(scene.graph.called("read")) > before)
        person.write("hide")
        await scene.graph.settled()
        scene.graph.troubles.let_go()
        await person.wait_for(1)
        await scene.settled()
        assert not lines_of(person, CARE)


async def test_one_number_abroad_holds_up_nobody_else(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        abroad, child = await met(scene), await met(scene)
        clock.stand_still()
        scene.graph.troubles.chat(abroad.address, 130497)
        before = len(posts(scene, abroad))
        abroad.write("menu")
        await tried(scene, abroad, before + 1)
        await scene.settled()
        await cared_for(scene, child)


async def test_a_refused_care_message_gives_the_help_lines(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        scene.graph.troubles.next(1, 131009)
        person.write(THREAT["en"])
        await person.wait_for(receive.help_line_in("en").text)


@pytest.mark.parametrize("way", ["safe word", "unreachable"])
async def test_what_waited_for_one_person_is_not_let_go_to_the_next(
    tmp_path: Path, way: str
) -> None:
    """The worker's words meet passing trouble; somebody else takes the phone meanwhile."""
    async with open_door(tmp_path) as (scene, clock):
        person = await told(scene)
        await write(person, "menu")
        await scene.settled()
        await scene.answer(ANSWER)
        await person.wait_for(said("en", "relay.neutral"))
        await scene.settled()
        clock.stand_still()
        await refused(scene, person, "open", 131000)
        await somebody_else(person)
        await scene.settled()
        kept = await state_of(scene, person)
        assert kept.active != kept.cases[0].profile
        before = len(person.history)
        if way == "safe word":
            await hides(scene, person)
            person.write("umbrella")
        else:
            await refused(scene, person, "menu", 131026)
            person.write("menu")
        await person.wait_for(1)
        await later(scene, clock, 5)
        new = [line.text for line in person.history[before:]]
        assert new
        assert not any(ANSWER in text for text in new)


async def refused(scene: Stage, person: Person, words: str, code: int) -> None:
    scene.graph.troubles.next(1, code)
    before = len(posts(scene, person))
    person.write(words)
    await tried(scene, person, before + 1)
    await scene.settled()


async def somebody_else(person: Person) -> None:
    await write(person, "menu")
    for _ in range(2):
        await tap(person, button("en", "someone_new"))
    await tap(person, said("en", "language.name"))
    for choice in ("child", "band_13_17", "ok"):
        await tap(person, button("en", choice))


async def test_an_error_does_not_forget_a_second_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity="phone")
        person.identity = "both"

        def breaks(*_: object, **__: object) -> None:
            raise KeyError("a defect of a test")

        with monkeypatch.context() as broken:
            broken.setattr(engine, "step", breaks)
            person.write("menu")
            await person.wait_for(receive.help_line_in("en").text)
            await scene.settled()
        assert said("en", "menu.ask") in await write(person, "menu")
