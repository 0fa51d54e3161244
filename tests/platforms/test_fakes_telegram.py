"""The fake Bot API by itself: it takes what the real one takes, and refuses what that refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import telegram

from tests.platforms.bot_api import BotApi
from tests.platforms.bot_api_scene import ask, friend, keys


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made


async def test_the_library_speaks_with_it(api: BotApi) -> None:
    person = friend(api)
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot") as bot:
        assert (await bot.get_me()).username == "teman_fake_bot"
        (update,) = await bot.get_updates(timeout=5)
        assert update.message
        assert update.message.text == "/start"
        button = telegram.InlineKeyboardButton("OK", callback_data="ok")
        markup = telegram.InlineKeyboardMarkup([[button]])
        sent = await bot.send_message(person.id, "<b>Hello</b> 😀", "HTML", reply_markup=markup)
        assert sent.text == "Hello 😀"
        photo = await bot.send_photo(person.id, b"\x89PNG\r\n--\x00", caption="A picture")
        assert photo.photo
        assert await bot.set_my_commands([("help", "Get help")], language_code="ms")
        assert (await bot.get_my_commands(language_code="ms"))[0].command == "help"
        assert await bot.set_my_description("About", language_code="ta")
        assert (await bot.get_my_description("ta")).description == "About"
        assert await bot.send_chat_action(person.id, "typing")
        assert await bot.delete_messages(person.id, [sent.message_id, 77, photo.message_id])
    assert [line.text for line in person.screen] == ["/start"]
    assert api.sent(person.id)[1].picture == b"\x89PNG\r\n--\x00"
    assert person.actions == ["typing"]
    assert api.media_calls == []


async def test_json_forms_and_addresses_say_the_same(api: BotApi) -> None:
    person = friend(api)
    url = f"{api.url}/bot{api.token}/sendMessage"
    fields = {
        "chat_id": str(person.id),
        "text": "தமிழ் & 你好",
        "reply_markup": json.dumps(keys("a")),
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        for sent in (
            client.post(url, json={**fields, "reply_markup": keys("a")}),
            client.post(url, data=fields),
            client.post(url, files={name: (None, value) for name, value in fields.items()}),
            client.get(url, params=fields),
        ):
            assert (await sent).json()["ok"]
    assert {(line.text, line.buttons[0].token) for line in api.sent(person.id)} == {
        ("தமிழ் & 你好", "a")
    }


async def test_foreign_tokens_and_methods_are_refused(api: BotApi) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        foreign = await client.post(f"{api.url}/bot1:no/getMe")
        nowhere = await client.get(f"{api.url}/")
    assert foreign.status_code == 401
    assert foreign.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert nowhere.status_code == 404
    assert await ask(api, "getNothing") == (404, "Not Found: method not found")


REFUSED: dict[str, dict[str, Any]] = {
    "message text is empty": {"text": " \n "},
    "message is too long": {"text": "a" * 4097},
    "BUTTON_DATA_INVALID": {"reply_markup": keys("தமிழ்" * 5)},
    "reply markup is too long": {"reply_markup": keys(*map(str, range(101)))},
    "object expected as reply markup": {"reply_markup": []},
    "can't parse reply keyboard markup JSON object": {"reply_markup": "{"},
    'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays': {
        "reply_markup": {"inline_keyboard": [{}]}
    },
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard": {
        "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}
    },
    'can\'t parse entities: Unsupported start tag "p" at byte offset 0': {
        "text": "<p>x</p>",
        "parse_mode": "HTML",
    },
    "can't parse entities: Can't find end tag corresponding to start tag \"b\"": {
        "text": "<b>x",
        "parse_mode": "HTML",
    },
    "chat not found": {"chat_id": 12},
    "chat_id is empty": {"chat_id": ""},
}


async def test_messages_are_checked_as_by_the_real_one(api: BotApi) -> None:
    person = friend(api)
    for description, wrong in REFUSED.items():
        params = {"chat_id": person.id, "text": "hi", **wrong}
        assert await ask(api, "sendMessage", **params) == (400, f"Bad Request: {description}")
    stranger = api.person()
    assert (await ask(api, "sendMessage", chat_id=stranger.id, text="hi"))[0] == 400
    assert (await ask(api, "sendMessage", chat_id=person.id, text="😀" * 2049))[0] == 400
    assert api.sent(person.id) == []
    assert (await ask(api, "sendMessage", chat_id=person.id, text="a" * 4096))[0] == 200
    full = keys("k" * 64, *map(str, range(99)))
    sent = await ask(api, "sendMessage", chat_id=person.id, text="hi", reply_markup=full)
    assert sent[0] == 200


async def test_who_blocked_the_bot_gets_nothing(api: BotApi) -> None:
    person = friend(api)
    person.block()
    refused = await ask(api, "sendMessage", chat_id=person.id, text="hi")
    assert refused == (403, "Forbidden: bot was blocked by the user")
    person.unblock()
    assert (await ask(api, "sendMessage", chat_id=person.id, text="hi"))[0] == 200
    _, updates = await ask(api, "getUpdates")
    members = [one["my_chat_member"]["new_chat_member"]["status"] for one in updates[1:]]
    assert members == ["kicked", "member"]


async def test_only_young_messages_can_be_deleted_on_both_sides(api: BotApi) -> None:
    person = api.person()
    person.write("old")
    api.pass_time(48 * 3600)
    person.write("new")
    _, sent = await ask(api, "sendMessage", chat_id=person.id, text="an answer")
    ids = [int(line.id) for line in person.screen]
    assert (await ask(api, "deleteMessage", chat_id=person.id, message_id=ids[0]))[1] == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert await ask(api, "deleteMessages", chat_id=person.id, message_ids=ids) == (200, True)
    assert [line.text for line in person.screen] == ["old"]
    gone = await ask(api, "deleteMessage", chat_id=person.id, message_id=sent["message_id"])
    assert gone == (400, "Bad Request: message to delete not found")
    none = await ask(api, "deleteMessages", chat_id=person.id, message_ids=[])
    assert none == (400, "Bad Request: message identifiers are not specified")
    many = await ask(api, "deleteMessages", chat_id=person.id, message_ids=[1] * 101)
    assert many == (400, "Bad Request: too many message identifiers specified")


async def test_messages_are_edited_on_both_sides(api: BotApi) -> None:
    person = api.person()
    update = person.edit(person.write("helo"), "hello").content["edited_message"]
    assert update["text"] == "hello"
    _, sent = await ask(api, "sendMessage", chat_id=person.id, text="Hi", reply_markup=keys("a"))
    same = {"chat_id": person.id, "message_id": sent["message_id"], "text": "Hi"}
    changed = await ask(api, "editMessageText", **same)
    assert "reply_markup" not in changed[1]
    assert "message is not modified" in (await ask(api, "editMessageText", **same))[1]
    assert [(line.text, line.buttons) for line in person.screen] == [("hello", ()), ("Hi", ())]


async def test_the_profile_is_kept_by_language_and_within_limits(api: BotApi) -> None:
    command = {"command": "help", "description": "Get help"}
    assert await ask(api, "setMyCommands", commands=[command]) == (200, True)
    assert await ask(api, "getMyCommands", language_code="zh") == (200, [])
    refused = [
        await ask(api, "setMyCommands", commands=[command], language_code="zh-hans"),
        await ask(api, "setMyCommands", commands=[command] * 101),
        await ask(api, "setMyCommands", commands=[{**command, "command": "Help!"}]),
        await ask(api, "setMyCommands", commands=[{**command, "description": "x" * 257}]),
        await ask(api, "setMyName", name="x" * 65),
        await ask(api, "setMyDescription", description="x" * 513),
        await ask(api, "setMyShortDescription", short_description="x" * 121),
    ]
    assert [status for status, _ in refused] == [400] * 7
    assert refused[0][1] == "Bad Request: invalid language code specified"


async def test_a_file_that_is_asked_for_is_noticed(api: BotApi) -> None:
    api.person().send_photo("look")
    assert (await ask(api, "getFile", file_id="never"))[0] == 400
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{api.url}/file/bot{api.token}/photos/1.jpg")).status_code == 404
    assert [call.method for call in api.media_calls] == ["getFile", "file"]
