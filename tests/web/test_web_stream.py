"""The stream of rows: nothing is missed, nothing hangs on, several tabs see the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.store import chats
from bot.web import stream
from tests.web.web_scene import Child, Scene, bearer, door, served, shown


@asynccontextmanager
async def listening(
    address: str, child: Child, after: int | None = None
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """A page's stream; gives its rows as they come. A ping is no row."""
    headers = bearer(child.token) | ({} if after is None else {"Last-Event-ID": str(after)})
    timeout = httpx.Timeout(10, read=20)
    async with (
        httpx.AsyncClient(base_url=address, timeout=timeout, trust_env=False) as browser,
        browser.stream("GET", "/chat/events", headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "no-store" in answer.headers["cache-control"]
        yield rows_of(answer)


async def rows_of(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    waiting = b""
    async for piece in answer.aiter_bytes():
        waiting += piece
        while b"\n\n" in waiting:
            event, _, waiting = waiting.partition(b"\n\n")
            if not event.startswith(b":"):
                yield shown(event + b"\n\n")


async def test_a_row_comes_as_soon_as_it_is_written(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, served(scene) as address:
        child = Child(scene)
        await child.post(kind="start", language="ta")
        async with listening(address, child) as rows:
            first = await anext(rows)
            began = time.monotonic()
            await child.post(kind="text", text="உதவி")
            second = await anext(rows)
    assert (first["seq"], second["seq"]) == (1, 2)
    assert "15999" in second["text"]
    assert time.monotonic() - began < 3, "the bell did not ring"


async def test_several_tabs_of_one_chat_see_the_same(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, served(scene) as address:
        child = Child(scene)
        await child.post(kind="start", language="zh")
        async with listening(address, child) as one, listening(address, child) as two:
            assert await anext(one) == await anext(two)
            await child.post(kind="text", text="帮")
            assert await anext(one) == await anext(two)


async def test_what_was_shown_does_not_come_again(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, served(scene) as address:
        child = Child(scene)
        await child.post(kind="start", language="en")
        await child.post(kind="text", text="help")
        async with listening(address, child) as rows:
            assert [(await anext(rows))["seq"] for _ in range(2)] == [1, 2]
        async with listening(address, child) as rows:
            assert (await anext(rows))["seq"] == 1, "nobody had said that it was shown"
        async with listening(address, child, after=1) as rows:
            assert (await anext(rows))["seq"] == 2
        async with listening(address, child) as rows:
            assert (await anext(rows))["seq"] == 2, "the last id acknowledged the first row"


@pytest.mark.parametrize("last", ["", "-1", "x", "9" * 40, "١"])
async def test_a_strange_last_id_is_no_id(tmp_path: Path, last: str) -> None:
    async with door(tmp_path) as scene, served(scene) as address:
        child = Child(scene)
        await child.post(kind="start")
        headers = httpx.Headers(bearer(child.token), encoding="utf-8")
        headers["Last-Event-ID"] = last
        async with (
            httpx.AsyncClient(base_url=address, trust_env=False) as browser,
            browser.stream("GET", "/chat/events", headers=headers) as answer,
        ):
            assert answer.status_code == 200
            assert (await anext(rows_of(answer)))["seq"] == 1


async def test_an_unknown_chat_has_no_stream(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        child = Child(scene)
        answer = await browser.get("/chat/events", headers=bearer(child.token))
        assert answer.status_code == 404
        assert "15999" in answer.text


async def test_a_stopping_server_ends_its_streams_at_once(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, served(scene) as address:
        child = Child(scene)
        await child.post(kind="start")
        async with listening(address, child) as rows:
            await anext(rows)
            began = time.monotonic()
            scene.host.bells.close()
            assert [row async for row in rows] == []
    assert time.monotonic() - began < 3


async def test_a_page_that_went_away_leaves_nothing_behind(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, served(scene) as address:
        child = Child(scene)
        await child.post(kind="start")
        for _ in range(stream.STREAMS_PER_CHAT + 3):
            async with listening(address, child) as rows:
                await anext(rows)
            await asyncio.sleep(0.05)


async def test_streams_of_one_chat_have_a_limit(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        await child.post(kind="start")
        chat_id = await scene.run(lambda tx: chats.find(tx, child.chat))
        assert chat_id
        streams = stream.Streams(scene.host, ping_s=60)
        opened = [streams.events(child.chat, chat_id, 0) for _ in range(stream.STREAMS_PER_CHAT)]
        for one in opened:
            assert not streams.full(chat_id)
            await anext(one)
        assert streams.full(chat_id)
        for one in opened:
            await one.aclose()
        assert not streams.full(chat_id)


async def _first(scene: Scene, child: Child, ping_s: float) -> tuple[str, AsyncIterator[bytes]]:
    await child.post(kind="start")
    chat_id = await scene.run(lambda tx: chats.find(tx, child.chat))
    assert chat_id
    return chat_id, stream.Streams(scene.host, ping_s=ping_s).events(child.chat, chat_id, 0)


async def test_a_quiet_stream_pings_and_a_lost_store_ends_it(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        _, events = await _first(scene, child, ping_s=0.02)
        assert await anext(events) == stream.PING
        assert shown(await anext(events))["seq"] == 1
        assert await anext(events) == stream.PING
        scene.store.down = True
        assert [event async for event in events] == []


async def test_a_chat_that_moved_away_ends_its_old_streams(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child, back = Child(scene), Child(scene)
        chat_id, events = await _first(scene, child, ping_s=0.02)
        await anext(events)
        await scene.run(lambda tx: chats.rebind(tx, chat_id, back.chat))
        assert [shown(event) async for event in events if event != stream.PING] == []
