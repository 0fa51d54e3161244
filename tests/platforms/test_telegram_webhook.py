"""Telegram's webhook: who may post, what is answered, and nothing before the commit."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.texts import LIFELINE
from tests.conversation.said import THREAT
from tests.platforms.stage import SECRET, Door, stage
from tests.platforms.telegram_scene import (
    both_doors,
    brought,
    fragile,
    heard,
    history,
    known,
    menu_shown,
    newcomer,
    sends,
    text_update,
)
from tests.platforms.test_story import button, said

NUMBER = 990_000_001


async def test_only_telegram_may_post(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = newcomer(scene)
        person.start()
        await person.wait_for(1)
        before = sends(scene, person)
        update = text_update(person, THREAT["en"], NUMBER)
        for secret in (None, "", "wrong", SECRET.upper(), SECRET + "x", SECRET[:-1], "sécret"):
            status, body = await brought(scene, update, secret)
            assert (status, body) == (403, b"refused\n"), secret
        assert (await brought(scene, b"x" * 900_000, "wrong"))[0] == 403
        await scene.settled()
        assert sends(scene, person) == before
        assert (await brought(scene, update))[0] == 200
        await person.wait_for(said("en", "care.threat_now"))


async def test_the_webhook_is_asked_for_as_agreed(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        hook = scene.bot.updates.webhook
        assert hook is not None
        assert hook["url"] == f"{scene.url}/webhooks/telegram"
        assert hook["secret_token"] == SECRET
        assert scene.bot.updates.allowed == [
            "message", "edited_message", "callback_query", "my_chat_member",
        ]  # fmt: skip
        assert not scene.bot.updates.polls
        person = newcomer(scene)
        assert person.raw("inline_query", {"id": "1"}).given_up


async def test_a_poll_asks_for_the_same_kinds(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        await known(scene)
        asked = {poll["allowed_updates"] for poll in scene.bot.updates.polls}
        assert [json.loads(kinds) for kinds in asked] == [
            ["message", "edited_message", "callback_query", "my_chat_member"]
        ]


@both_doors
async def test_a_tap_costs_no_call_more_than_it_must(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person = await known(scene)
        await heard(scene, lambda: scene.bot.profile.get(("short_description", "", "ta")))
        polling = door == "poll"
        await heard(scene, lambda: not polling or all(scene.bot.queries.values()))
        before = len(scene.bot.calls)
        person.tap(button("en", "lessons"))
        await person.wait_for(1)
        await heard(scene, lambda: not polling or all(scene.bot.queries.values()))
        await scene.settled()
        made = sorted(c.method for c in scene.bot.calls[before:] if c.method != "getUpdates")
        assert made == (["answerCallbackQuery"] if polling else []) + ["sendMessage"]


async def test_a_tap_is_confirmed_in_the_answer_to_the_webhook(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        query = {"id": "991", "from": person.user, "data": person.screen[-1].buttons[0].token,
                 "message": {"message_id": 1, "date": 0, "chat": person.chat}}  # fmt: skip
        for _ in range(2):  # one that was confirmed already may come again
            status, body = await brought(scene, {"update_id": NUMBER, "callback_query": query})
            assert status == 200
            assert json.loads(body) == {
                "method": "answerCallbackQuery",
                "callback_query_id": "991",
            }
        await person.wait_for(lambda _: len(history(person, said("en", "menu.lessons"))) == 1)
        status, body = await brought(scene, text_update(person, "menu", NUMBER + 1))
        assert (status, body) == (200, b"")


@both_doors
async def test_a_tap_is_confirmed_only_after_the_commit(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person, store = await known(scene), fragile(scene)
        store.down = True
        person.tap(button("en", "lessons"))
        await person.wait_for("15999")
        calls = scene.bot.called("answerCallbackQuery")
        asked = len(calls)
        store.down = False
        await person.wait_for(2)
        if door == "poll":
            await heard(scene, lambda: all(scene.bot.queries.values()))
            assert len(scene.bot.called("answerCallbackQuery")) == asked + 1


async def test_what_the_store_cannot_take_comes_again(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person, store = await known(scene), fragile(scene)
        store.down = True
        post = person.write(THREAT["en"])
        await heard(scene, lambda: len(post.statuses) >= 2)
        assert set(post.statuses) == {503}
        store.down = False
        await person.wait_for(said("en", "care.threat_now"))
        assert post.statuses[-1] == 200
        await scene.settled()
        assert len(history(person, LIFELINE["en"])) == 1
        assert len(history(person, said("en", "care.threat_now"))) == 1


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_post_that_comes_twice_is_answered_once(tmp_path: Path, at_once: bool) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        update = text_update(person, "menu", NUMBER)
        before = sends(scene, person)
        if at_once:
            answers = await asyncio.gather(*(brought(scene, update) for _ in range(8)))
        else:
            answers = [await brought(scene, update) for _ in range(3)]
        assert {status for status, _ in answers} == {200}
        await person.wait_for(menu_shown())
        await scene.settled()
        assert sends(scene, person) == before + 1


STRANGE: list[Any] = [
    b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b'"text"', b"[" * 100_000, b"{}",
    b'{"update_id": 1e400}', b'{"update_id": true, "message": {}}', b'{"update_id": -1}',
    b'{"update_id": 5, "message": {"chat": {"id": 1e30, "type": "private"}, "text": "x"}}',
    b'{"update_id": ' + b"9" * 5_000 + b"}",
    {"update_id": 5, "brain_wave": {"text": THREAT["en"]}},
    {"update_id": 5, "message": {"chat": {"id": 1 << 80, "type": "private"}, "text": "hello"}},
    b'{"update_id": 6, "callback_query": {"id": "\\ud83d", "data": "\\ud83d"}}',
    b"x" * 4_000_001,
]  # fmt: skip


async def test_strange_bodies_break_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        for body in STRANGE:
            status, _ = await brought(scene, body)
            assert 200 <= status < 300 or 400 <= status < 500, body[:60]
            assert (status == 413) == (len(body) > 4_000_000)
        person.write("menu")
        await person.wait_for(menu_shown())
        await scene.settled()


async def test_nothing_but_a_post_is_taken(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene, aiohttp.ClientSession() as client:
        for method in ("GET", "PUT", "DELETE"):
            async with client.request(method, f"{scene.url}/webhooks/telegram") as answer:
                assert answer.status == 405


async def test_while_polling_there_is_no_such_door(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll", "whatsapp") as scene:
        status, _ = await brought(scene, {"update_id": 1})
        assert status == 404
