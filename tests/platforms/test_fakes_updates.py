"""The fake Bot API by itself: what people do comes to the bot, by polling or by webhook."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from tests.platforms.bot_api import BotApi
from tests.platforms.bot_api_scene import ask, friend, keys
from tests.platforms.server import Answer, Request, Server, as_json


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made


async def test_a_higher_offset_confirms_all_below(api: BotApi) -> None:
    person = api.person()
    posts = [person.write(str(n)) for n in range(5)]
    first = posts[0].content["update_id"]

    async def got(**params: int) -> list[int]:
        return [one["update_id"] - first for one in (await ask(api, "getUpdates", **params))[1]]

    assert await got() == await got(offset=first) == [0, 1, 2, 3, 4]
    assert await got(limit=2) == [0, 1]
    assert await got(offset=first + 2) == await got() == [2, 3, 4]
    assert [post.done for post in posts] == [True, True, False, False, False]
    assert await got(offset=first + 1000) == [2, 3, 4], "too far ahead counts as none"
    assert await got(offset=-2) == await got() == [3, 4]
    assert await got(offset=first + 5) == await got() == []
    await api.settled()


async def test_a_poll_waits_and_a_second_one_ends_it(api: BotApi) -> None:
    first = asyncio.create_task(ask(api, "getUpdates", timeout=20))
    assert await api.bell.heard(lambda: api.updates.waits == 1, 5)
    second = asyncio.create_task(ask(api, "getUpdates", timeout=20))
    status, description = await first
    assert status == 409
    assert description.startswith("Conflict: terminated by other getUpdates request")
    api.person().write("hi")
    assert [one["message"]["text"] for one in (await second)[1]] == ["hi"]
    assert await ask(api, "getUpdates", timeout=1, offset=2**31) != (200, [])


async def test_a_webhook_ends_polling(api: BotApi) -> None:
    waiting = asyncio.create_task(ask(api, "getUpdates", timeout=20))
    assert await api.bell.heard(lambda: api.updates.waits == 1, 5)
    hook = {"url": "http://127.0.0.1:9/hook", "secret_token": "s-1"}
    hook["allowed_updates"] = ["message"]  # type: ignore[assignment]
    assert await ask(api, "setWebhook", **hook) == (200, True)
    assert await waiting == (409, "Conflict: terminated by setWebhook request")
    assert (await ask(api, "getUpdates"))[0] == 409
    info = (await ask(api, "getWebhookInfo"))[1]
    assert info["url"] == hook["url"]
    assert info["allowed_updates"] == ["message"]
    assert await ask(api, "deleteWebhook") == (200, True)
    assert await ask(api, "getUpdates") == (200, [])
    for wrong in ({"url": "ftp://x"}, {"secret_token": "a b"}, {"secret_token": "a" * 257}):
        assert (await ask(api, "setWebhook", **{**hook, **wrong}))[0] == 400


async def test_plain_webhooks_are_refused_unless_allowed() -> None:
    with BotApi(plain_webhooks=False) as api:
        assert (await ask(api, "setWebhook", url="http://127.0.0.1:9/"))[0] == 400
        assert (await ask(api, "setWebhook", url="https://127.0.0.1:9/"))[0] == 200


async def test_updates_are_posted_until_they_are_taken_and_in_order(api: BotApi) -> None:
    seen: list[tuple[str, str]] = []

    async def bot(request: Request) -> Answer:
        secret = request.headers["x-telegram-bot-api-secret-token"]
        seen.append((json.loads(request.body)["message"]["text"], secret))
        return as_json(503 if len(seen) < 3 else 200, {})

    server = Server(bot)
    server.start()
    person = api.person()
    posts = [person.write("one"), person.write("two")]
    assert (await ask(api, "setWebhook", url=f"{server.url}/hook", secret_token="s-1"))[0] == 200
    await api.settled()
    api.again(posts[1])
    await api.settled()
    server.stop()
    assert [text for text, _ in seen] == ["one", "one", "one", "two", "two"]
    assert {secret for _, secret in seen} == {"s-1"}
    assert posts[0].statuses == [503, 503, 200]


async def test_taps_come_as_queries_that_are_answered_once(api: BotApi) -> None:
    person = friend(api)
    await ask(api, "sendMessage", chat_id=person.id, text="Go?", reply_markup=keys("go", "stay"))
    (line,) = await person.wait_for(1)
    query = person.tap("Label 1").content["callback_query"]
    assert query["data"] == "stay"
    assert query["message"]["text"] == "Go?"
    assert await ask(api, "answerCallbackQuery", callback_query_id=query["id"]) == (200, True)
    refused = await ask(api, "answerCallbackQuery", callback_query_id=query["id"])
    assert refused[1] == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    person.delete(line)
    assert person.tap("go").content["callback_query"]["message"]["date"] == 0
    assert person.tap("x", forged=True).content["callback_query"]["data"] == "x"
    with pytest.raises(AssertionError, match="no button"):
        person.tap("nothing")
