"""A web door with a real store behind it, a child who taps, a server where a stream needs one."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import uvicorn

from bot.errors import StoreUnavailable
from bot.host.facts import HouseFacts
from bot.host.receive import Host
from bot.library import shelf
from bot.library.shelf import Library
from bot.messages import Chat, Language
from bot.safeguarding import assess
from bot.safeguarding.assess import Screen
from bot.store import outbox
from bot.store.database import Store, Tx, open_store
from bot.store.vault import Vault, invent_key, parse_keys
from bot.web import app as web
from bot.web import stream

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = "http://teman.test"
MINUTE = 60_000_000
HOUR = 60 * MINUTE
START = 1_795_000_000_000_000
SAFE_WORDS: dict[Language, str] = {"ms": "payung", "en": "umbrella", "zh": "雨伞", "ta": "குடை"}
T = TypeVar("T")


@cache
def library() -> Library:
    return shelf.open_library(ROOT)


@cache
def screen() -> Screen:
    return assess.load()


class FailingStore:
    """A real store that can be made unavailable or slow, as a full or frozen disk makes it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.down = False
        self.slow_s = 0.0

    async def run(self, fn: Callable[[Tx], T]) -> T:
        if self.down:
            raise StoreUnavailable("the store was taken away by a test")
        await asyncio.sleep(self.slow_s)
        return await self._store.run(fn)

    async def alone(self) -> bool:
        return await self._store.alone()

    async def close(self) -> None:
        await self._store.close()


class Scene:
    """One web door. `now` is its clock, µs UTC."""

    def __init__(self, store: Store, **house: Any) -> None:
        self.now = START
        self.store = FailingStore(store)
        facts = HouseFacts(**({"operator": "Rumah Ujian", "safe_words": SAFE_WORDS} | house))
        self.host = Host(self.store, library(), screen(), facts, clock=lambda: self.now)
        self.app = web.create(self.host)

    def client(self, address: str = "203.0.113.7") -> httpx.AsyncClient:
        """A browser without scripts, at that address of the network."""
        transport = httpx.ASGITransport(self.app, client=(address, 4321))
        return httpx.AsyncClient(transport=transport, base_url=HERE)

    async def run(self, fn: Callable[[Tx], T]) -> T:
        return await self.host.store.run(fn)


@asynccontextmanager
async def door(folder: Path, **house: Any) -> AsyncIterator[Scene]:
    """A scene with a new database in that folder."""
    store = open_store(f"sqlite:///{folder}/teman.db", Vault(parse_keys(invent_key())))
    try:
        yield Scene(store, **house)
    finally:
        await store.close()


@asynccontextmanager
async def served(scene: Scene) -> AsyncIterator[str]:
    """The scene behind a real server; gives its address. Stopping it takes but a moment."""
    config = uvicorn.Config(scene.app, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        scene.host.bells.close()
        server.should_exit = True
        await asyncio.wait_for(serving, 10)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class Child:
    """Somebody at the page. Each act gives the rows that came, as the page gets them."""

    def __init__(self, scene: Scene, token: str | None = None) -> None:
        self.scene = scene
        self.token = token or secrets.token_urlsafe(32)
        self.shown = 0
        self.rows: list[dict[str, Any]] = []
        self._ids = itertools.count(1)

    @property
    def chat(self) -> Chat:
        return Chat("web", self.token)

    async def post(self, **message: Any) -> httpx.Response:
        """One message, whatever it is; a fresh id where none is given."""
        body = {"id": f"message-{self.token[:8]}-{next(self._ids)}"} | message
        async with self.scene.client() as client:
            return await client.post("/chat/messages", json=body, headers=bearer(self.token))

    async def act(self, **message: Any) -> list[dict[str, Any]]:
        answer = await self.post(seen=self.shown, **message)
        assert answer.status_code == 200, answer.text
        self.scene.now += 1_000_000
        return await self.read()

    async def read(self) -> list[dict[str, Any]]:
        """What waits above the last row that was read."""
        found = await stream.waiting(self.scene.host, self.chat, self.shown)
        self.rows = (
            [shown(stream.event(row, found.language)) for row in found.rows] if found else []
        )
        if self.rows:
            self.shown = self.rows[-1]["seq"]
        return self.rows

    async def start(self, language: str | None = None) -> list[dict[str, Any]]:
        return await self.act(kind="start", language=language)

    async def say(self, text: str) -> list[dict[str, Any]]:
        return await self.act(kind="text", text=text)

    async def tap(self, choice: str) -> list[dict[str, Any]]:
        """Tap the choice of that name in the newest row that has choices."""
        found = [c["token"] for c in self.choices if c["token"].rpartition(".")[2] == choice]
        assert found, f"no choice {choice} among {[c['token'] for c in self.choices]}"
        return await self.act(kind="tap", token=found[0])

    @property
    def choices(self) -> list[dict[str, Any]]:
        return next((row["choices"] for row in reversed(self.rows) if row["choices"]), [])

    @property
    def said(self) -> str:
        return "\n\n".join(row["text"] for row in self.rows)

    async def onboard(self, language: str = "en", band: str = "13-17") -> Child:
        """Begin and come to the menu."""
        await self.start(language)
        await self.tap("child")
        await self.tap(band)
        await self.tap("yes" if any(c["token"].endswith(".yes") for c in self.choices) else "ok")
        return self


def shown(event: bytes) -> dict[str, Any]:
    """The row of one event."""
    number, kind, data, *_ = event.decode().split("\n")
    row: dict[str, Any] = msgspec.json.decode(data.removeprefix("data: "))
    assert number == f"id: {row['seq']}"
    assert kind == "event: message"
    return row


async def waits(scene: Scene, child: Child) -> int:
    """How many rows nobody has acknowledged."""
    found = await stream.waiting(scene.host, child.chat, 0)
    return len(found.rows) if found else 0


async def acknowledged(scene: Scene) -> int:
    counts = await scene.run(outbox.counts)
    return counts.get(("web", "sent"), 0)
