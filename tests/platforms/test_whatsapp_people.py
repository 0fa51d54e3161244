"""Who somebody is on WhatsApp: a number, a scoped id, both, and new ones; and what shows of it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from bot.messages import Chat
from bot.store import chats
from tests.platforms.graph_api_people import Identity, Person
from tests.platforms.stage import Stage
from tests.platforms.test_story import ANSWER
from tests.platforms.whatsapp_scene import (
    button,
    known,
    lines_of,
    met,
    open_door,
    posts,
    said,
    shown,
    since,
    state_of,
    tap,
    told,
    write,
)

IDENTITIES: tuple[Identity, ...] = ("phone", "bsuid", "both", "inside")


async def progress(person: Person, scene: Stage) -> None:
    """Into a lesson."""
    await tap(person, button("en", "lessons"))
    await tap(person, said("en", "lessons.C4.title"))
    assert (await state_of(scene, person)).place.name == "lesson"


async def goes_on(scene: Stage, person: Person) -> None:
    """The person is known and still in the lesson."""
    await write(person, "hi")
    assert said("en", "welcome.first") not in since(person)
    state = await state_of(scene, person)
    assert (state.place.name, state.place.about) == ("lesson", "C4")
    assert len(state.profiles) == 1


async def test_replies_go_to_the_address_that_is_wanted(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        for identity in IDENTITIES:
            person = await met(scene, identity=identity)
            forms = posts(scene, person)
            assert len(forms) == len(shown(person)) > 4
            field = "to" if identity == "phone" else "recipient"
            assert {form.get(field) for form in forms} == {person.address}
            assert not any(form.keys() >= {"to", "recipient"} for form in forms)


@pytest.mark.parametrize("later", ["both", "inside"])
async def test_a_child_known_by_the_number_is_found_by_the_new_id(
    tmp_path: Path, later: Identity
) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity="phone")
        await progress(person, scene)
        person.identity = "both"
        await goes_on(scene, person)
        person.identity = later
        await goes_on(scene, person)
        person.identity = "bsuid"
        await goes_on(scene, person)
        assert not await known(scene, person.phone)
        assert posts(scene, person)[-1]["recipient"] == person.user_id


async def test_two_with_one_contact_each_are_not_mixed_up(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        first, second = await met(scene, identity="phone"), await met(scene, "ms", "phone")
        for person in (first, second):
            person.identity = "both"
        with scene.graph.together("messages"):
            first.write("menu")
            second.write("menu")
        await first.wait_for(said("en", "menu.ask"))
        await second.wait_for(said("ms", "menu.ask"))
        assert said("ms", "menu.ask") not in since(first)


# -- new ids


@pytest.mark.parametrize("identity", ["phone", "both", "bsuid"])
async def test_a_new_number_keeps_the_progress(tmp_path: Path, identity: Identity) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity=identity)
        await progress(person, scene)
        old = person.address
        person.change_number("60119990001")
        await goes_on(scene, person)
        assert not await known(scene, old)


async def test_a_new_id_keeps_the_progress(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity="bsuid")
        await progress(person, scene)
        old = person.user_id
        news = person.change_user_id("MY.777")
        await goes_on(scene, person)
        scene.graph.again(news)
        await scene.graph.settled()
        await goes_on(scene, person)
        assert not await known(scene, old)


async def test_news_and_first_words_from_the_new_address_in_one_post(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity="both")
        await progress(person, scene)
        with scene.graph.together("messages"):
            person.write("hi")
            person.change_number("60119990002")
            person.write("hi again")
        await scene.graph.settled()
        await goes_on(scene, person)
        assert len(lines_of(person, said("en", "welcome.first"))) == 1


async def test_words_that_overtake_the_news_are_no_loss(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity="both")
        await progress(person, scene)
        hook, scene.graph.webhook_url = scene.graph.webhook_url, None
        person.change_number("60119990003")
        late = scene.graph.postman.posts[-1]
        late.given_up = True
        scene.graph.webhook_url = hook
        person.write("hi")
        await person.wait_for(said("en", "welcome.first"))
        await scene.settled()  # what is still on the wire may come a second time, and is no loss
        scene.graph.again(late)
        await scene.graph.settled()
        await scene.settled()
        await goes_on(scene, person)


@pytest.mark.parametrize("identity", ["phone", "both", "bsuid"])
async def test_the_answer_goes_to_the_new_address(tmp_path: Path, identity: Identity) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await told(scene, identity=identity)
        old = person.address
        person.change_number("60119990004")
        await scene.graph.settled()
        person.write("menu")
        await person.wait_for(1)
        await scene.settled()
        await scene.answer(ANSWER)
        await person.wait_for(said("en", "relay.neutral"))
        await write(person, "open")
        await person.wait_for(ANSWER)
        late = [call for call in scene.graph.called("messages")[-3:] if call.chat == old]
        assert late == []
        assert posts(scene, person)[-1].get("to", person.user_id) in (person.phone, person.user_id)


async def test_a_new_key_of_the_same_person_says_nothing(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        before = len(shown(person))
        news = person.identity_changed()
        await scene.graph.settled()
        await scene.settled()
        assert news.statuses == [200]
        assert len(shown(person)) == before


# -- what shows of it


async def test_no_number_or_id_in_the_log_or_in_clear_on_the_disk(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_door(tmp_path) as (scene, _):
        scene.graph.receipts = ("sent", "delivered")
        secrets = []
        for identity in IDENTITIES:
            person = await told(scene, identity=identity)
            secrets += [person.phone, person.user_id, person.phone[2:], person.user_id[3:]]
            person.change_number(f"6018{person.phone[-7:]}")
            await write(person, "menu")
            secrets += [person.phone, person.user_id, scene.graph.token, scene.graph.secret]
        await scene.graph.settled()
        await scene.settled()
        files = sorted(tmp_path.glob("teman.db*"))
        assert any(file.name.endswith("-wal") for file in files)
        kept = b"".join(file.read_bytes() for file in files)
        assert len(kept) > 100_000
        assert [one for one in secrets if one.encode() in kept] == []
        assert not re.search(rb"wamid\.\w", kept)
    assert [one for one in secrets if one in caplog.text] == []
    assert "wamid." not in caplog.text


async def test_an_address_on_the_disk_can_be_found_again_only_by_its_key(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        there = await scene.host.store.run(
            lambda tx: chats.find(tx, Chat("whatsapp", person.user_id))
        )
        assert there
        assert not await known(scene, person.user_id.lower())
