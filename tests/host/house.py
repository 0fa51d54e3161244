"""A whole host on a real SQLite file, with a clock that the test sets."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.host.facts import HouseFacts
from bot.host.receive import Host
from bot.library.shelf import Library
from bot.messages import Chat, Incoming, Kind, Outgoing, Words
from bot.store import chats, outbox, vault
from bot.store.database import Store, Tx, open_store
from tests.conversation.talk import SAFE_WORDS, SECOND, START, library, screen

KEYS = "test:" + "A" * 43 + "="


class Clock:
    """µs UTC; stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now

    def move(self, us: int) -> None:
        self.now += us


class House:
    """A host with what a test wants to look at."""

    def __init__(self, host: Host, store: Store, clock: Clock, path: Path) -> None:
        self.host = host
        self.store = store
        self.clock = clock
        self.path = path
        self.counter = 0

    def incoming(
        self, address: str, kind: Kind = "text", text: str | None = None, **more: Any
    ) -> Incoming:
        """A message with a new id."""
        self.counter += 1
        words = Words(text) if text is not None else None
        name = more.pop("id", f"m{self.counter}")
        return Incoming(name, Chat("web", address), kind, words, **more)

    async def say(self, address: str, text: str) -> list[Outgoing]:
        """Type, and read what came."""
        before = await self.last(address)
        await self.host.receive(self.incoming(address, "text", text))
        self.clock.move(SECOND)
        return [due.outgoing for due in await self.rows(address, after=before)]

    async def start(self, address: str, language: str | None = None) -> list[Outgoing]:
        """Open the page."""
        await self.host.receive(self.incoming(address, "start", language_hint=language))
        return [due.outgoing for due in await self.rows(address)]

    async def onboard(self, address: str, language: str = "en") -> None:
        """Come to the menu as a child of 13 to 17."""
        await self.start(address, language)
        for typed in ("1", "3", "1"):
            await self.say(address, typed)

    async def rows(self, address: str, after: int = 0) -> list[outbox.Due]:
        """What waits for the page."""

        def look(tx: Tx) -> list[outbox.Due]:
            chat_id = chats.find(tx, Chat("web", address))
            return outbox.pending(tx, chat_id, after=after) if chat_id else []

        return await self.store.run(look)

    async def last(self, address: str) -> int:
        rows = await self.rows(address)
        return rows[-1].seq if rows else 0

    def raw(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """SQL beside the store, as somebody with the file could do."""
        with sqlite3.connect(self.path, timeout=5) as connection:
            found = connection.execute(sql, values).fetchall()
        connection.close()
        return found


@asynccontextmanager
async def opened(
    folder: Path, *, facts: HouseFacts | None = None, content: Library | None = None
) -> AsyncIterator[House]:
    """A house in this folder, closed at the end."""
    path = folder / "teman.db"
    store = open_store(f"sqlite:///{path}", vault.Vault(vault.parse_keys(KEYS)))
    clock = Clock()
    given = facts or HouseFacts("Rumah Ujian", SAFE_WORDS, public_url="http://teman.test")
    host = Host(store, content or library(), screen(), given, clock=clock)
    try:
        yield House(host, store, clock, path)
    finally:
        await store.close()
        await asyncio.sleep(0)
