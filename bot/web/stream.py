"""What waits for a chat, as server-sent events. A row stays waiting until the page says it was
shown.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from typing import Final

import msgspec

from bot.channels import webchat
from bot.errors import StoreUnavailable, Unreadable
from bot.host.receive import Host
from bot.messages import Chat, Language
from bot.store import chats, outbox
from bot.store.database import Tx
from bot.store.outbox import Due

PING_S: Final = 15.0
STREAMS_PER_CHAT: Final = 12
"""Open tabs of one chat; more is no person."""
PING: Final = b": ping\n\n"


class Waiting(msgspec.Struct, frozen=True):
    """Unshown rows of a chat, and the language it is in."""

    chat_id: str
    rows: list[Due]
    language: Language | None


async def begin(host: Host, chat: Chat, shown: int) -> str | None:
    """The id of the chat, its rows up to `shown` acknowledged; None where no chat stands at this
    address.
    """
    now = host.clock()

    def find(tx: Tx) -> str | None:
        chat_id = chats.find(tx, chat)
        if chat_id is not None and shown:
            outbox.acknowledge(tx, chat_id, upto=shown, now=now)
        return chat_id

    return await host.store.run(find)


async def waiting(host: Host, chat: Chat, after: int) -> Waiting | None:
    """Rows numbered above `after`; None where no chat stands at this address."""

    def read(tx: Tx) -> Waiting | None:
        chat_id = chats.find(tx, chat)
        if chat_id is None:
            return None
        # A number of another chat's stream, kept by a page that was moved: begin anew.
        start = after if after < outbox.next_number(tx, chat_id) else 0
        rows = outbox.pending(tx, chat_id, after=start)
        return Waiting(chat_id, rows, _language(tx, chat_id) if rows else None)

    return await host.store.run(read)


def _language(tx: Tx, chat_id: str) -> Language | None:
    """The language the chat is in now. A state that cannot be read must not hold up a help line."""
    try:
        loaded = chats.load_by_id(tx, chat_id)
    except Unreadable:
        return None
    if loaded is None:
        return None
    profile = loaded.conversation.profile()
    return profile.language if profile else loaded.conversation.language


class Streams:
    """The open streams of all chats."""

    def __init__(self, host: Host, *, ping_s: float = PING_S) -> None:
        self._host = host
        self._ping_s = ping_s
        self._open: Counter[str] = Counter()

    def full(self, chat_id: str) -> bool:
        """Whether this chat has as many streams as it may have."""
        return self._open[chat_id] >= STREAMS_PER_CHAT

    async def events(self, chat: Chat, chat_id: str, after: int) -> AsyncGenerator[bytes, None]:
        """Rows above `after` as they come, until the server stops, the store fails or the chat
        moves away. The page then asks anew.
        """
        with self._counted(chat_id), self._host.bells.listen(chat_id) as bell:
            yield PING
            while not self._host.bells.closed:
                found = await self._next(chat, after)
                if found is None or found.chat_id != chat_id:
                    return
                for row in found.rows:
                    yield event(row, found.language)
                    after = row.seq
                if not await bell.next(self._ping_s):
                    yield PING

    async def _next(self, chat: Chat, after: int) -> Waiting | None:
        try:
            return await waiting(self._host, chat, after)
        except StoreUnavailable:
            return None

    @contextlib.contextmanager
    def _counted(self, chat_id: str) -> Iterator[None]:
        self._open[chat_id] += 1
        try:
            yield
        finally:
            self._open[chat_id] -= 1
            if not self._open[chat_id]:
                del self._open[chat_id]


def event(row: Due, language: Language | None) -> bytes:
    """One row as an event; JSON has no line ends in it, so one data line does."""
    shown = webchat.render(row.outgoing, seq=row.seq, lane=row.lane, language=language)
    return b"id: %d\nevent: message\ndata: %s\n\n" % (row.seq, msgspec.json.encode(shown))
