"""A pretend emergency through the whole chain, marked as one everywhere (care.md, 1): door,
screening, consent, delivery, claim, answer, and how many seconds each took.

It speaks to the same database as the running server, as a child at a door of its own would; a
person at the intake has to take the report and answer it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Final

import msgspec

from bot.errors import TemanError
from bot.host.receive import Host
from bot.messages import Chat, Incoming, Language, Outgoing, Words
from bot.store import chats, outbox, reports
from bot.store.database import Tx
from bot.store.reports import ReportRow

LOOK_S: Final = 0.5
ONBOARDING: Final = ("child", "13-17", "ok")
CONSENT: Final = ("help", "skip", "only_me", "yes")


class DrillFailed(TemanError):
    """A step of the drill did not happen. The message says which, and what to look at."""


class Step(msgspec.Struct, frozen=True):
    """One step that happened, and the seconds it took."""

    name: str
    seconds: float


async def run(
    host: Host, language: Language, *, wait_s: float, clock: Callable[[], float]
) -> AsyncIterator[Step]:
    """The steps as they happen. Raises DrillFailed when one does not, or not within `wait_s`."""
    child = _Child(host, language)
    last = clock()

    def step(name: str) -> Step:
        nonlocal last
        took, last = clock() - last, clock()
        return Step(name, took)

    try:
        await child.begin()
        yield step("door: first bubble and onboarding")
        await child.tell()
        yield step("screening: heard as an emergency")
        reference = await child.agree()
        yield step(f"consent: handed over as {reference}")
        await child.until(lambda row: row.received_at, wait_s, "delivery", "is the server running?")
        yield step("delivery: the intake has it")
        await child.until(lambda row: row.taken_at, wait_s, "claim", "nobody took it at the intake")
        yield step("claim: a person took it")
        await child.answered(wait_s)
        yield step("answer: a person's words reached the chat")
    finally:
        await child.leave()


class _Child:
    """A pretend child at the terminal's door."""

    def __init__(self, host: Host, language: Language) -> None:
        self._host = host
        self._language: Language = language
        self._chat = Chat("terminal", "drill-" + secrets.token_urlsafe(24))
        self._chat_id = ""
        self._shown = 0
        self._last: Outgoing | None = None
        self._case = ""

    async def begin(self) -> None:
        """Meet the bot and come to the menu."""
        await self._send("start", hint=self._language)
        for choice in ONBOARDING:
            await self._tap(choice)

    async def tell(self) -> None:
        """The pretend disclosure."""
        words = self._host.library.texts.get(self._language, "drill.words")
        await self._send("text", words)
        level = self._host.screen.assess(words).level
        if level != "emergency" or self._last is None:
            raise DrillFailed(f"screening heard the drill as {level}, not as an emergency")

    async def agree(self) -> str:
        """Help, consent, yes. Gives the reference."""
        for choice in CONSENT:
            await self._tap(choice)
        row = await self._row()
        if row is None or row.reference is None or not row.drill:
            raise DrillFailed("consent: no report came of it")
        return row.reference

    async def until(
        self, came: Callable[[ReportRow], int | None], wait_s: float, what: str, hint: str
    ) -> None:
        """Wait for what stands in the report's row."""
        for _ in range(max(1, int(wait_s / LOOK_S))):
            row = await self._row()
            if row is not None and came(row):
                return
            await asyncio.sleep(LOOK_S)
        raise DrillFailed(f"{what}: not within {wait_s:.0f} s; {hint}")

    async def answered(self, wait_s: float) -> None:
        """Wait for a person's words, and read them as the child would."""
        for _ in range(max(1, int(wait_s / LOOK_S))):
            if await self._host.store.run(lambda tx: bool(reports.answers(tx, self._case))):
                break
            await asyncio.sleep(LOOK_S)
        else:
            raise DrillFailed(f"answer: not within {wait_s:.0f} s; nobody answered at the intake")
        await self._send("text", self._host.library.texts.get(self._language, "drill.thanks"))

    async def leave(self) -> None:
        """Nothing of the pretend child stays but the report, which is marked as a drill."""
        if self._chat_id:
            await self._host.store.run(lambda tx: chats.erase(tx, self._chat_id))

    # -- the door

    async def _tap(self, choice: str) -> None:
        choices = self._last.choices if self._last else ()
        token = next((c.token for c in choices if c.token.rpartition(".")[2] == choice), None)
        if token is None:
            raise DrillFailed(f"the bot offered no {choice}; its last question was another one")
        await self._send("tap", token=token)

    async def _send(
        self, kind: str, text: str = "", token: str | None = None, hint: str | None = None
    ) -> None:
        incoming = Incoming(
            os.urandom(16).hex(),
            self._chat,
            "tap" if kind == "tap" else "text" if kind == "text" else "start",
            Words(text) if text else None,
            token,
            hint,
        )
        receipt = await self._host.receive(incoming)
        if receipt.status != "taken":
            raise DrillFailed("the bot met an error of its own: run.py doctor")
        self._chat_id = receipt.chat_id
        rows = await self._host.store.run(self._read)
        self._last = rows[-1] if rows else self._last

    def _read(self, tx: Tx) -> list[Outgoing]:
        rows = outbox.pending(tx, self._chat_id, after=self._shown)
        if rows:
            self._shown = rows[-1].seq
            outbox.acknowledge(tx, self._chat_id, upto=self._shown, now=self._host.clock())
        return [row.outgoing for row in rows]

    async def _row(self) -> ReportRow | None:
        return await self._host.store.run(self._look)

    def _look(self, tx: Tx) -> ReportRow | None:
        if not self._case:
            loaded = chats.load_by_id(tx, self._chat_id)
            cases = loaded.conversation.cases if loaded else ()
            self._case = cases[-1].id if cases else ""
        report = reports.get(tx, self._case) if self._case else None
        return report.row if report else None
