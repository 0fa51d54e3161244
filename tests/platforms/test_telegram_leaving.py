"""Somebody stops the bot and comes back; and rooms that are not for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.messages import Chat
from bot.store import chats, outbox, sends
from bot.store.database import Tx
from tests.conversation.said import THREAT
from tests.platforms.bot_api_people import Person
from tests.platforms.samples import samples
from tests.platforms.stage import Door, Stage, stage
from tests.platforms.telegram_scene import (
    both_doors,
    brought,
    heard,
    known,
    menu_shown,
)
from tests.platforms.telegram_scene import sends as calls


async def is_blocked(scene: Stage, person: Person) -> bool:
    """What the conversation knows."""

    def look(tx: Tx) -> bool:
        chat_id = chats.find(tx, Chat("telegram", str(person.id)))
        assert chat_id is not None
        loaded = chats.load_by_id(tx, chat_id)
        assert loaded is not None
        return loaded.conversation.blocked

    return await scene.host.store.run(look)


async def taken(scene: Stage, person: Person, deed: object) -> None:
    """Until Teman has taken what the person just did, and sent what follows from it."""
    await heard(scene, lambda: getattr(deed, "done", False))
    await scene.settled()


def enough(scene: Stage, person: Person, wanted: int) -> bool:
    return calls(scene, person) >= wanted


@both_doors
async def test_who_stops_the_bot_hears_nothing_until_they_write(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person = await known(scene)
        before = calls(scene, person)
        await taken(scene, person, person.block())
        assert await is_blocked(scene, person)
        await taken(scene, person, person.unblock())
        assert not await is_blocked(scene, person)
        assert calls(scene, person) == before
        person.write("menu")
        await person.wait_for(menu_shown())
        assert calls(scene, person) == before + 1


@both_doors
async def test_writing_is_coming_back(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person = await known(scene)
        await taken(scene, person, person.block())
        person.write("menu")
        await person.wait_for(menu_shown())
        assert not await is_blocked(scene, person)


async def test_a_refused_message_is_parked_with_its_reason(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person, other = await known(scene), await known(scene)
        for refusal, tries in ((403, 1), (400, 2)):
            before = calls(scene, person)
            scene.bot.troubles.chat(person.id, refusal)
            await taken(scene, person, person.write("menu"))
            await heard(scene, partial(enough, scene, person, before + tries))
            assert calls(scene, person) == before + tries, "the help lines are tried, once"
            assert await is_blocked(scene, person) == (refusal == 403)
            other.write("menu")
            await other.wait_for(1)
            scene.bot.troubles.calm()
            person.write("menu")
            await person.wait_for(menu_shown())
            assert not await is_blocked(scene, person)
        await scene.settled()
        parked = {reason: rows for _, reason, rows in await scene.host.store.run(sends.parked)}
        assert parked == {"blocked by the user": 1, "refused as malformed": 2}
        counts = await scene.host.store.run(outbox.counts)
        assert ("telegram", "waiting") not in counts


async def test_a_disclosure_just_before_stopping_is_kept(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        scene.bot.troubles.chat(person.id, 403)
        await taken(scene, person, person.write(THREAT["en"]))
        await taken(scene, person, person.block())
        scene.bot.troubles.calm()
        await taken(scene, person, person.unblock())
        person.write("hi")
        await person.wait_for(1)
        assert not menu_shown()(person.screen), "in care, not at the menu"


async def test_no_room_but_a_private_chat_is_answered(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        before = len(scene.bot.called("sendMessage"))
        silent = [sample for sample in samples("telegram") if not sample.readings]
        names = {sample.name for sample in silent}
        assert {"group_text", "channel_post", "business_message", "guest_message",
                "inline_query", "tap_group", "group_left"} <= names  # fmt: skip
        for sample in silent:
            assert (await brought(scene, sample.body))[0] == 200, sample.name
        for room in ("group", "supergroup", "channel", "sender", "", "Private"):
            for kind in ("message", "edited_message"):
                chat = {"id": person.id, "type": room}
                said = {"message_id": 1, "date": 1, "chat": chat, "text": THREAT["en"]}
                number = 7_000_000 + len(room) * 2 + len(kind)
                status, body = await brought(scene, {"update_id": number, kind: said})
                assert (status, body) == (200, b"")
        person.write("menu")
        await person.wait_for(menu_shown())
        await scene.settled()
        assert len(scene.bot.called("sendMessage")) == before + 1


async def test_every_private_sample_is_answered(tmp_path: Path) -> None:
    """Except for edits, and for coming and going."""
    async with stage(tmp_path, "webhook") as scene:
        quiet = {"edited", "left", "returned"}
        asked = [
            s for s in samples("telegram") if s.readings and s.readings[0]["kind"] not in quiet
        ]
        assert len(asked) > 30
        for number, sample in enumerate(asked, 5_000_000):
            person = scene.bot.person(number)
            person.known = True
            body = {**sample.body, "update_id": number}
            where = body.get("message") or body["callback_query"].get("message")
            user = body.get("callback_query")
            if where:
                where["chat"] = person.chat
            if user:
                user["from"] = person.user
            assert (await brought(scene, body))[0] == 200
            await person.wait_for(lambda lines: lines)
        assert not scene.bot.media_calls
