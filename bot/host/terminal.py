"""The terminal door: the same bot, line by line."""

from __future__ import annotations

import asyncio
import os
import secrets
from typing import TextIO

from bot.channels import terminal
from bot.errors import StoreUnavailable
from bot.host.receive import Host, help_line
from bot.host.recording import Recorder
from bot.messages import Chat, Incoming, Language, Outgoing, Words, clean
from bot.store import outbox
from bot.store.outbox import Due

POLL_S = 0.5


async def talk(
    host: Host,
    language: Language | None,
    source: TextIO,
    out: TextIO,
    record: TextIO | None = None,
) -> None:
    """Begin, then answer each line until the input ends. Answers of a case worker appear as they
    come. `record`: where the conversation is written down.
    """
    session = _Session(host, out, Recorder(record, language) if record else None)
    await session.take("start", hint=language)
    watcher = asyncio.create_task(session.watch()) if source.isatty() else None
    while line := await asyncio.to_thread(source.readline):
        await session.take("text", line.rstrip("\r\n"))
    if watcher:
        watcher.cancel()


class _Session:
    """One chat in this terminal; its address is drawn anew each time and kept nowhere else."""

    def __init__(self, host: Host, out: TextIO, recorder: Recorder | None) -> None:
        self._host = host
        self._out = out
        self._recorder = recorder
        self._chat = Chat("terminal", secrets.token_urlsafe(32))
        self._shown = 0
        self._chat_id = ""

    async def take(self, kind: str, text: str = "", hint: str | None = None) -> None:
        """One message in, its answers out."""
        words = Words(clean(text)) if kind == "text" else None
        if self._recorder and kind == "text":
            self._recorder.typed(text)
        incoming = Incoming(
            os.urandom(16).hex(),
            self._chat,
            "text" if kind == "text" else "start",
            words,
            None,
            hint,
        )
        try:
            receipt = await self._host.receive(incoming)
        except StoreUnavailable:
            self._print(help_line())
            return
        self._chat_id = receipt.chat_id
        await self.show()

    async def show(self) -> None:
        """Print what waits for this chat; it counts as received."""
        host, chat_id, after = self._host, self._chat_id, self._shown
        rows: list[Due] = await host.store.run(lambda tx: outbox.pending(tx, chat_id, after=after))
        for row in rows:
            self._print(row.outgoing)
            if self._recorder:
                self._recorder.answered(row.outgoing)
            self._shown = row.seq
        if rows:
            upto, now = self._shown, host.clock()
            await host.store.run(lambda tx: outbox.acknowledge(tx, chat_id, upto=upto, now=now))

    async def watch(self) -> None:
        """Show what comes by itself."""
        while True:
            await asyncio.sleep(POLL_S)
            await self.show()

    def _print(self, outgoing: Outgoing) -> None:
        print(terminal.render(outgoing), end="\n\n", file=self._out, flush=True)
