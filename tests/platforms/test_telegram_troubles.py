"""Telegram refuses, is slow, is silent, or answers what is none of its own."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from bot.errors import SendFailed, SendLater, SendNever, SendStopped
from bot.messages import Chat, Outgoing
from bot.store.outbox import Due
from tests.conversation.said import THREAT
from tests.platforms.bot_api import TOKEN, BotApi
from tests.platforms.bot_api_people import Person
from tests.platforms.server import Answer, Request, Server
from tests.platforms.stage import Door, Stage, stage
from tests.platforms.telegram_scene import both_doors, heard, history, known, menu_shown
from tests.platforms.test_story import said, text


@asynccontextmanager
async def channel(api_url: str, token: str = TOKEN) -> AsyncIterator[Telegram]:
    """The channel alone, and impatient."""
    telegram = Telegram(token, api_url, answer_s=0.3)
    try:
        yield telegram
    finally:
        await telegram.close()


def row(address: str | int) -> Due:
    chat = Chat("telegram", str(address))
    return Due("r1", "c1", chat, 1, "normal", 1, None, Outgoing("Hello"), 1)


async def failed(telegram: Telegram, address: str | int) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await telegram.send(row(address))
    return caught.value


# -- asking for updates


async def test_another_program_that_asks_is_waited_for_and_told_of(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        scene.bot.troubles.only("getUpdates")
        scene.bot.troubles.next(3, 409)
        before = len(scene.bot.calls)
        person.write("menu")
        await heard(scene, lambda: scene.teman.alarms.counts["telegram gives no updates"])
        asked = [call.method for call in scene.bot.calls[before:] if call.status == 409]
        assert asked == ["getUpdates"] * 3
        assert scene.bot.called("deleteWebhook")[-1].at > scene.bot.calls[before].at


async def test_a_webhook_that_somebody_set_is_taken_away_again(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        elsewhere = {"url": "http://127.0.0.1:9/", "secret_token": "other"}
        with scene.bot.bell.lock:
            scene.bot.updates.set(elsewhere, pending=True)
        await heard(scene, lambda: scene.bot.updates.webhook is None)
        person.write("menu")
        await person.wait_for(menu_shown())


async def test_a_wrong_token_alarms_and_asks_no_faster(tmp_path: Path) -> None:
    with BotApi() as bot:
        bot.troubles.only()
        bot.troubles.next(99, 401)
        async with stage(tmp_path, "poll", bot=bot) as scene:
            await heard(scene, lambda: scene.teman.alarms.counts["telegram gives no updates"])
            # The fake's bell rings with a call: the alarm of the third may be seen with the fourth.
            assert len(bot.called("deleteWebhook")) in (3, 4)


async def test_an_answer_without_updates_is_no_reason_to_race(tmp_path: Path) -> None:
    asked: list[str] = []

    async def proxy(request: Request) -> Answer:
        asked.append(request.path.rpartition("/")[2])
        bodies = {"getUpdates": b'{"ok":true,"result":{}}', "getMe": b'{"ok":true}'}
        return Answer(200, bodies.get(asked[-1], b'{"ok":true,"result":true}'))

    server = Server(proxy)
    server.start()
    try:
        async with channel(server.url) as telegram:
            with pytest.raises(SendLater):
                await telegram.updates(None)
            with pytest.raises(SendLater):
                await telegram.who()
            assert isinstance(await failed(telegram, 1), SendLater)
    finally:
        server.stop()
    assert asked == ["getUpdates", "getMe", "sendMessage"]


# -- nothing is told


async def tell_in_trouble(scene: Stage, person: Person, trouble: str) -> None:
    """A disclosure, while one answer to a poll (or else to a send) is spoilt."""
    scene.bot.troubles.only("getUpdates" if scene.bot.updates.webhook is None else "sendMessage")
    getattr(scene.bot.troubles, trouble)(1)
    person.write("menu")
    await person.wait_for(1)
    person.write(THREAT["en"])
    await person.wait_for(lambda _: said("en", "care.threat_now") in text(person.lines.answers))
    await heard(scene, lambda: not scene.bot.troubles.left)
    await scene.settled()


@both_doors
async def test_no_log_line_holds_words_or_token(
    tmp_path: Path, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with BotApi() as bot:
        async with stage(tmp_path, door, bot=bot) as scene:
            person = await known(scene)
            for trouble in ("cut", "short", "html"):
                await tell_in_trouble(scene, person, trouble)
        assert len(history(person, said("en", "care.threat_now"))) >= 3
    assert "telegram" in caplog.text
    for secret in (THREAT["en"], "send my photo", bot.token, bot.token[11:], str(person.id)):
        assert secret not in caplog.text


# -- the channel alone


async def test_what_an_error_of_the_platform_means(tmp_path: Path) -> None:
    with BotApi() as bot:
        person = bot.person()
        person.start()
        async with channel(bot.url) as telegram:
            for code, kind in ((400, SendNever), (401, SendStopped), (403, SendNever),
                               (404, SendStopped), (409, SendStopped), (429, SendLater),
                               (500, SendLater)):  # fmt: skip
                bot.troubles.next(1, code)
                assert type(await failed(telegram, person.id)) is kind, code
            for trouble in ("html", "garbage", "cut", "lost", "half_open"):
                getattr(bot.troubles, trouble)(1)
                error = await failed(telegram, person.id)
                assert isinstance(error, SendLater)
                assert error.unreachable
                assert bot.token not in str(error)
            assert await telegram.send(row(person.id)) == person.screen[-1].id


async def test_a_chat_that_is_not_there_is_told_from_a_malformed_message(tmp_path: Path) -> None:
    with BotApi() as bot:
        person = bot.person()
        person.start()
        async with channel(bot.url) as telegram:
            gone = await failed(telegram, 4711)
            bot.troubles.next(1, 400)
            malformed = await failed(telegram, person.id)
            person.block()
            stopped = await failed(telegram, person.id)
    assert [getattr(error, "blocked", None) for error in (gone, malformed, stopped)] == [
        True,
        False,
        True,
    ]


async def test_a_wait_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    waits = {b'{"ok":false,"error_code":429,"parameters":{"retry_after":7}}': 7.0,
             b'{"ok":false,"error_code":429,"parameters":{"retry_after":-7}}': 0.1,
             b'{"ok":false,"error_code":429,"parameters":"soon"}': 1.0,
             b"<html>too many</html>": 1.0, b"": 1.0, b"[" * 200_000: 1.0}  # fmt: skip
    bodies = list(waits)

    async def busy(request: Request) -> Answer:
        return Answer(429, bodies.pop(0))

    server = Server(busy)
    server.start()
    try:
        async with channel(server.url) as telegram:
            for wait in waits.values():
                error = await failed(telegram, 1)
                assert isinstance(error, SendLater)
                assert error.wait_s == wait
                assert not error.unreachable
    finally:
        server.stop()


async def test_one_message_that_may_not_be_deleted_keeps_no_other() -> None:
    with BotApi() as bot:
        person = bot.person()
        person.start()
        async with channel(bot.url) as telegram:
            ids = [await telegram.send(row(person.id)) for _ in range(7)]
            bot.troubles.only("deleteMessages")
            bot.troubles.next(3, 400)
            await telegram.remove(Chat("telegram", str(person.id)), ["x", *ids])
            assert [line.id for line in person.screen if not line.mine] == ids[:1]
