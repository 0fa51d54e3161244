"""Messages that a platform brought, one or many at a time: in order within a chat, at once across
chats. When the store cannot take one, its writer still gets the help lines, and the platform keeps
the message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from bot.errors import SendFailed, StoreUnavailable
from bot.host.pace import Pace
from bot.host.receive import Host, help_line
from bot.host.sending import Channel
from bot.messages import Chat, Incoming, Kind, Outgoing
from bot.store import chats, screens, seen
from bot.store.database import Tx

log = logging.getLogger(__name__)

LIFELINE_EVERY_S: Final = 600
REMEMBER_S: Final = (0.05, 0.1, 0.2, 0.5, 1, 5, 30, 120, 600)
SPOKEN: Final[frozenset[Kind]] = frozenset(
    {"text", "tap", "start", "media", "voice", "location", "other"}
)
"""Kinds by which somebody waits for an answer."""


class Direct(msgspec.Struct, frozen=True):
    """A message that is sent without the outbox."""

    id: str
    chat: Chat
    outgoing: Outgoing
    attempts: int = 1


class Arrivals:
    """Takes messages for some channels. It acknowledges nothing: the caller does, for what was
    taken.
    """

    def __init__(self, host: Host, channels: Mapping[str, Channel]) -> None:
        self._host = host
        self._channels = channels
        self._helped = Pace(1, LIFELINE_EVERY_S)
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, messages: Sequence[Incoming]) -> frozenset[str]:
        """Take all of them; gives the ids of those that the store could not take."""
        if len(messages) == 1:
            return frozenset(await self._in_order(messages))
        by_chat: dict[Chat, list[Incoming]] = {}
        for message in messages:
            by_chat.setdefault(message.chat, []).append(message)
        left = await asyncio.gather(*(self._in_order(chain) for chain in by_chat.values()))
        return frozenset(id for ids in left for id in ids)

    async def _in_order(self, chain: Sequence[Incoming]) -> list[str]:
        for number, message in enumerate(chain):
            try:
                await self._host.receive(message)
            except StoreUnavailable:
                left = chain[number:]
                self._help(left)
                return [one.id for one in left]
            except Exception as error:  # noqa: BLE001 - a damaged chat must not stop the others
                if not await self._put_aside(message, error):
                    return [one.id for one in chain[number:]]
        return []

    async def _put_aside(self, message: Incoming, error: Exception) -> bool:
        """Not even the error path could write to this chat: help directly, an incident, and on.
        False when the store did not take that either.
        """
        log.error("%s: a chat cannot be read (%s)", message.chat.channel, type(error).__name__)
        self._help([message])
        try:
            await self._host.put_aside(message, error)
        except StoreUnavailable:
            return False
        return True

    async def move(self, id: str, old: Sequence[Chat], new: Chat) -> None:
        """Somebody's chat is at a new address from now on. Told twice, it moves nobody else: the
        old address may be another person's by then. Raises StoreUnavailable.
        """
        now = self._host.clock()

        def once(tx: Tx) -> None:
            if seen.first_time(tx, new.channel, id, now=now):
                chats.move(tx, old, new)

        await self._host.store.run(once)

    # -- when the store is gone: the one send before a commit

    def _help(self, messages: Iterable[Incoming]) -> None:
        for message in messages:
            known = message.chat.channel in self._channels and message.kind in SPOKEN
            if known and self._helped.allows(message.chat, self._host.clock()):
                task = asyncio.create_task(self._send_help(message))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _send_help(self, message: Incoming) -> None:
        channel = self._channels[message.chat.channel]
        line = help_line(self._host.assess(message))
        log.error("the store takes nothing; a help line was sent directly on %s", channel.name)
        try:
            shown_id = await channel.send(Direct(message.id, message.chat, line))
        except SendFailed as error:
            log.error("%s: a help line could not be sent: %s", channel.name, error)
        else:
            await self._remember(message.chat, shown_id)

    async def _remember(self, chat: Chat, shown_id: str | None) -> None:
        """When the store answers again: so that *hide* can delete this line, too."""
        now = self._host.clock()

        def note(tx: Tx) -> None:
            chat_id = chats.find(tx, chat)
            if chat_id is not None and shown_id is not None:
                screens.heard(tx, chat_id, shown_id, now=now)

        for wait_s in REMEMBER_S:
            try:
                await self._host.store.run(note)
            except StoreUnavailable:
                await asyncio.sleep(wait_s)
            else:
                return
