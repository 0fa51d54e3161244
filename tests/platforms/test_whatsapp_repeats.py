"""Many in one POST, one many times, and a store that is gone: each is answered once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conversation.said import THREAT
from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_api_people import Identity
from tests.platforms.graph_webhooks import Shape
from tests.platforms.stage import Stage
from tests.platforms.whatsapp_scene import (
    again,
    failing,
    lines_of,
    met,
    new_key,
    open_door,
    said,
    shown,
    state_of,
    states,
    write,
)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_door(tmp_path) as (made, _):
        yield made


# -- many at once


SHAPES: tuple[Shape, ...] = ("messages", "changes", "entries")
IDENTITIES: tuple[Identity, ...] = ("phone", "bsuid", "both", "inside", "both")


async def test_many_people_in_one_post_are_all_answered(scene: Stage) -> None:
    for shape in SHAPES:
        people = [scene.graph.person(one) for one in IDENTITIES]
        told = await met(scene)
        with scene.graph.together(shape) as bundle:
            for person in people:
                person.write("hi")
            told.write(THREAT["en"])
        for person in people:
            await person.wait_for(said("en", "welcome.first"))
        await told.wait_for(said("en", "care.threat_now"))
        await scene.graph.settled()
        assert bundle.statuses == [200]
        assert all(len(person.lines.answers) == 1 for person in people)
    assert set(await states(scene)) == {"sent"}


async def test_messages_of_one_person_in_one_post_are_taken_in_order(scene: Stage) -> None:
    person = await met(scene)
    with scene.graph.together("messages"):
        person.write("menu")
        person.write(THREAT["en"])
        person.write("ok")
    await person.wait_for(said("en", "care.threat_now"))
    await scene.graph.settled()
    await scene.settled()
    assert (await state_of(scene, person)).place.name == "care"


async def test_receipts_beside_messages_hinder_nothing(scene: Stage) -> None:
    scene.graph.receipts = ("sent", "delivered", "read")
    person = await met(scene)
    line = person.screen[-1]
    with scene.graph.together("changes") as bundle:
        scene.graph.report(line, "read")
        person.write("menu")
        scene.graph.report(line, "delivered")
    await person.wait_for(1)
    await scene.graph.settled()
    assert bundle.statuses == [200]
    assert set(await states(scene)) == {"sent"}


# -- twice


async def test_a_message_that_comes_twice_is_answered_once(scene: Stage) -> None:
    person = await met(scene)
    before = len(shown(person))
    post_ = person.write("menu")
    for _ in range(4):
        scene.graph.postman.again(post_)
    await scene.graph.settled()
    await person.wait_for(1)
    scene.graph.again(post_)
    await write(person, "privacy")
    await scene.graph.settled()
    await scene.settled()
    assert len(shown(person)) == before + 2


async def test_a_message_that_comes_again_after_a_restart(tmp_path: Path) -> None:
    key = new_key()
    with GraphApi() as world:
        async with again(tmp_path, world, key) as scene:
            person = await met(scene)
            last = person.write("menu")
            await person.wait_for(1)
            await scene.settled()
            before = shown(person)
        async with again(tmp_path, world, key) as scene:
            world.again(last)
            await world.settled()
            await scene.settled()
            assert shown(person) == before
            await write(person, "menu")
            assert (await state_of(scene, person)).profiles[0].ready


# -- the store is gone


async def test_without_a_store_the_help_lines_come_once_and_the_answer_later(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person, other = await met(scene), await met(scene)
        store = failing(scene)
        store.gone = True
        post_ = person.write(THREAT["en"])
        await person.wait_for("15999")
        other.write("menu")
        await other.wait_for("15999")
        await scene.graph.bell.heard(lambda: len(post_.statuses) > 3, 10)
        assert set(post_.statuses) == {503}
        assert len(person.lines.answers) == 1
        clock.pass_time(601)
        await person.wait_for(2)
        store.gone = False
        await person.wait_for(said("en", "care.threat_now"))
        await other.wait_for(said("en", "menu.ask"))
        await scene.graph.settled()
        assert post_.statuses[-1] == 200
        await scene.settled()
        assert len(lines_of(person, said("en", "care.threat_now"))) == 1


async def test_receipts_that_cannot_be_written_never_cost_the_help_line(scene: Stage) -> None:
    person = await met(scene)
    line = person.screen[-1]
    store = failing(scene)
    store.gone = True
    with scene.graph.together("changes"):
        scene.graph.report(line, "failed", 131000)
        person.write(THREAT["en"])
    await person.wait_for("15999")
    store.gone = False
    await person.wait_for(said("en", "care.threat_now"))
