"""Staged chats on their way: shown where a platform shows pictures, told in words elsewhere."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from bot import texts
from bot.channels import split, terminal
from bot.channels.telegram import Telegram
from bot.library import lessons, pictures, sources
from bot.library.shelf import Library
from bot.messages import LANGUAGES, ChannelName, Chat, Choice, Outgoing
from bot.web import app as web
from tests import requirement
from tests.conversation import talk
from tests.conversation.talk import ROOT
from tests.conversation.test_exercises import LESSON, small
from tests.platforms.bot_api import BotApi
from tests.web.web_scene import HERE, door

WHOLE = Outgoing(
    "What could be a sign?",
    (Choice("q.a", "A gift"), Choice("q.b", "A laugh")),
    picture="B99.steps.spotting.en",
    alt="[ Kai ]\nKai: hello",
)


class Row(msgspec.Struct):
    """A message on its way."""

    id: str
    chat: Chat
    outgoing: Outgoing
    attempts: int = 1


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made


def drawn(folder: Path) -> Library:
    """The small lesson with a staged chat, in a library that draws."""
    requirement.require("raqm", pictures.can_draw())
    lesson = small(folder)
    said = {lesson.key(*where): (text,) for where, text in lesson.texts()}
    tables: dict[Any, Any] = {
        x: texts.read(texts.mo_path(ROOT / "locales", x), x) | said for x in LANGUAGES
    }
    real = talk.library()
    return Library({lesson.id: lesson}, real.helplines, texts.Texts(tables), draws=True)


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_shown_with_the_text_in_one_message(channel: ChannelName) -> None:
    assert split.parts(channel, WHOLE) == (WHOLE,)


@pytest.mark.parametrize("channel", ["whatsapp", "terminal"])
def test_told_in_words_where_there_is_no_room_for_it(channel: ChannelName) -> None:
    (part,) = split.parts(channel, WHOLE)
    assert part.picture is None
    assert part.text == "What could be a sign?\n\n[ Kai ]\nKai: hello"
    assert part.choices == WHOLE.choices
    assert "Kai: hello" in terminal.render(part)


def test_a_text_longer_than_a_caption_is_sent_with_the_words() -> None:
    long = msgspec.structs.replace(WHOLE, text="x" * 1025)
    assert split.parts("telegram", long)[0].picture is None


async def test_telegram_gets_the_picture_with_caption_and_buttons(
    api: BotApi, tmp_path: Path
) -> None:
    person = api.person()
    person.start()
    library = drawn(tmp_path)
    telegram = Telegram(api.token, api.url, pictures=library.picture)
    await telegram.send(Row("1", Chat("telegram", str(person.id)), WHOLE))
    line = person.screen[-1]
    assert line.text == WHOLE.text
    assert [button.label for button in line.buttons] == ["A gift", "A laugh"]
    assert line.picture
    assert await asyncio.to_thread(width, line.picture) == pictures.WIDTH
    await telegram.close()


async def test_telegram_gets_the_words_where_nothing_can_be_drawn(api: BotApi) -> None:
    person = api.person()
    person.start()
    telegram = Telegram(api.token, api.url)
    await telegram.send(Row("1", Chat("telegram", str(person.id)), WHOLE))
    assert person.screen[-1].text.endswith("Kai: hello")
    assert person.screen[-1].picture is None
    await telegram.close()


def width(data: bytes) -> int:
    return Image.open(io.BytesIO(data)).width


async def test_the_page_fetches_it_and_nothing_else_is_there(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        scene.host.library = drawn(tmp_path)
        transport = httpx.ASGITransport(web.create(scene.host))
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as browser:
            for language in LANGUAGES:
                got = await browser.get(f"/pictures/B99.steps.spotting.{language}.png")
                assert (got.status_code, got.headers["content-type"]) == (200, "image/png")
                assert "max-age" in got.headers["cache-control"]
            for name in ("B99.steps.spotting.fr", "B99.steps.sorting.en", "..", "B1.steps.a.en"):
                assert (await browser.get(f"/pictures/{name}.png")).status_code == 404


def test_the_name_of_a_picture_is_that_of_its_step(tmp_path: Path) -> None:
    library = drawn(tmp_path)
    lesson = lessons.lesson_from(sources.read(tmp_path, tmp_path / "lessons" / "B99.yaml"))
    assert LESSON.startswith("id: B99")
    assert lesson.id in library.lessons
    assert library.picture("B99.steps.spotting.ta") != library.picture("B99.steps.spotting.en")
    assert library.picture("B99") is None
