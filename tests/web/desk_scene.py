"""A desk with a real store behind it: accounts, reports, a clock that can be moved."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import argon2
import httpx
import msgspec

from bot.conversation.ids import Ids
from bot.conversation.state import Case, Conversation, Place, Profile
from bot.handoff import packet
from bot.host import staff
from bot.host.facts import HouseFacts
from bot.host.receive import Host
from bot.library import shelf
from bot.library.shelf import Library
from bot.messages import LANGUAGES, Chat, Incoming, Words
from bot.safeguarding import assess
from bot.safeguarding.assess import Screen
from bot.store import chats, outbox, reports
from bot.store import staff as accounts
from bot.store.database import Store, Tx, open_store
from bot.store.vault import Vault, invent_key, parse_keys
from bot.web import app as web

ROOT = Path(__file__).resolve().parent.parent.parent
MINUTE = 60_000_000
HOUR = 60 * MINUTE
START = 1_795_000_000_000_000
PASSWORD = "a long enough password"
HERE = "http://desk.test"
OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}


@cache
def library() -> Library:
    return shelf.open_library(ROOT)


@cache
def screen() -> Screen:
    return assess.load()


@cache
def password_hash() -> str:
    return argon2.PasswordHasher().hash(PASSWORD)


class Scene:
    """One desk. `now` is its clock, µs UTC."""

    def __init__(self, store: Store, *, demo: bool, secure: bool) -> None:
        self.now = START
        house = HouseFacts(
            operator="Rumah Ujian", safe_words={}, demo=demo, web_secure=secure,
            public_url=HERE,
        )  # fmt: skip
        self.host = Host(store, library(), screen(), house, clock=lambda: self.now)
        self.app = web.create(self.host)
        self.ids = Ids(START, b"the desk's scene")

    def id(self) -> str:
        return self.ids.take()

    async def run(self, fn: Any) -> Any:
        return await self.host.store.run(fn)

    async def add(self, name: str, role: str = "worker", languages: str = "ms en ta") -> str:
        """An account with PASSWORD, which was hashed before."""
        new, now, name, spoken = self.id(), self.now, staff.tidy(name), languages.split()
        made = await self.run(
            lambda tx: accounts.add(
                tx,
                id=new,
                name=name,
                role=role,
                languages=[x for x in LANGUAGES if x in spoken],
                password_hash=password_hash(),
                now=now,
            )
        )
        assert made
        return new

    def visitor(self) -> Visitor:
        """A browser nobody has signed in with."""
        return Visitor(self)

    async def worker(self, name: str = "aminah", **account: str) -> Visitor:
        """A browser with a new account, signed in without the slow check of the password."""
        await self.add(name, **account)
        account_of = await self.run(lambda tx: accounts.by_name(tx, name))
        token = await staff.Door(self.host.store, self.host.clock).let_in(account_of)
        visitor = self.visitor()
        visitor.client.cookies.set("desk", token, domain="desk.test", path="/desk")
        assert (await visitor.get("/desk")).status_code == 200
        return visitor

    async def report(
        self,
        *texts: str,
        level: Any = "urgent",
        language: Any = "ta",
        channel: Any = "web",
        drill: bool = False,
        **answers: Any,
    ) -> Filed:
        """A report the desk has received, with the chat it came from."""
        case = Case(
            id=self.id(), profile=self.id(), language=language, level=level, at=self.now,
            kinds=("sexual_extortion",), about="self", reasons=("threat to share a picture",),
            score=0.93, status="received", reference=self.ids.reference(), sent_at=self.now,
            **answers,
        )  # fmt: skip
        chat = Chat(channel, f"address-{case.reference}")
        lines = [(self.id(), text) for text in texts]
        now, new = self.now, self.id()

        def file(tx: Tx) -> str:
            loaded = chats.load(tx, chat, now=now, new_id=new)
            profile = Profile(case.profile, language, "child", "13-17", ready=True)
            state = Conversation(
                language=language, profiles=(profile,), cases=(case,), active=profile.id,
                place=Place("menu"), turn=9, last_at=now,
            )  # fmt: skip
            chats.save(tx, loaded, state, now=now)
            _send(tx, case, loaded.id, lines, channel, drill, now)
            return loaded.id

        chat_id = await self.run(file)
        return Filed(case.id, str(case.reference), chat_id, chat)

    async def says(self, filed: Filed, text: str) -> None:
        """A further line of the child's."""
        new, now = self.id(), self.now
        kept = await self.run(
            lambda tx: reports.add_words(
                tx,
                id=new,
                case=filed.case,
                now=now,
                text=Words(text),
                language=None,
                sender="child",
            )
        )
        assert kept

    async def row(self, filed: Filed) -> reports.ReportRow:
        found = await self.run(lambda tx: reports.get(tx, filed.case))
        assert found is not None
        row: reports.ReportRow = found.row
        return row

    async def lines(self, filed: Filed) -> list[reports.Line]:
        found: list[reports.Line] = await self.run(lambda tx: reports.words(tx, filed.case))
        return found

    async def case(self, filed: Filed) -> Case:
        """What the conversation knows of it."""
        loaded = await self.run(lambda tx: chats.load_by_id(tx, filed.chat_id))
        found = loaded.conversation.case(filed.case)
        assert found is not None
        case: Case = found
        return case

    async def waiting(self, filed: Filed) -> list[str]:
        """The texts on their way to the chat."""
        due = await self.run(lambda tx: outbox.pending(tx, filed.chat_id, after=0))
        return [row.outgoing.text for row in due]

    async def audits(self, case: str | None = None) -> list[tuple[str, str]]:
        """(action, detail), oldest first."""
        lines = await self.run(lambda tx: accounts.audits(tx, case))
        return [(line.action, line.detail) for line in lines]

    async def receive(self, filed: Filed, text: str) -> None:
        """The child writes into the chat."""
        incoming = Incoming(self.id(), filed.chat, "text", Words(text))
        assert (await self.host.receive(incoming)).status == "taken"


class Filed(msgspec.Struct, frozen=True):
    """A report of the scene."""

    case: str
    reference: str
    chat_id: str
    chat: Chat

    @property
    def path(self) -> str:
        return f"/desk/reports/{self.case}"


def _send(
    tx: Tx,
    case: Case,
    chat_id: str,
    lines: list[tuple[str, str]],
    channel: str,
    drill: bool,
    now: int,
) -> None:
    reports.draft(tx, id=case.id, chat_id=chat_id, now=now, expires_at=now + 24 * HOUR)
    for n, (line, text) in enumerate(lines):
        reports.add_words(
            tx, id=line, case=case.id, now=now + n, text=Words(text), language=case.language,
            sender="child",
        )  # fmt: skip
    facts = packet.facts(
        case, role="child", band="13-17", channel=channel, operator="Rumah Ujian", version="0",
        drill=drill, consent="given", created_at_us=now,
    )  # fmt: skip
    assert reports.send(
        tx, case.id, now=now, facts=msgspec.json.encode(facts), urgency=packet.urgency(case),
        language=case.language, drill=drill, reference=str(case.reference), channel=channel,
        due_at=now,
    )  # fmt: skip
    reports.received(tx, case.id, now=now)
    if case.level == "emergency":
        reports.alarm(tx, case.id, now=now)


class Visitor:
    """A browser: cookies, and the form token of the last page."""

    def __init__(self, scene: Scene) -> None:
        transport = httpx.ASGITransport(scene.app)
        self.client = httpx.AsyncClient(transport=transport, base_url=HERE)
        self.csrf = ""

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        sent = await self.client.post(
            "/desk/sign-in", data={"name": name, "password": password}, headers=OURS
        )
        if sent.status_code == 303:
            await self.get("/desk")
        return sent

    async def get(self, path: str, **headers: str) -> httpx.Response:
        got = await self.client.get(path, headers=headers)
        if found := re.search(r'name="csrf" value="([0-9a-f]{64})"', got.text):
            self.csrf = found[1]
        return got

    async def once(self, path: str) -> str:
        """The id in the reply form of a page."""
        found = re.search(r'name="once" value="([0-9a-f-]{36})"', (await self.get(path)).text)
        assert found, "no reply form on the page"
        return found[1]

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"csrf": self.csrf} | fields, headers=OURS)

    async def reply(self, filed: Filed, text: str, once: str | None = None) -> httpx.Response:
        """An answer by the form of the report's page."""
        once = once or await self.once(filed.path)
        return await self.post(f"{filed.path}/reply", once=once, text=text, language="ta")


@asynccontextmanager
async def desk_of(
    folder: Path, *, demo: bool = False, secure: bool = False
) -> AsyncIterator[Scene]:
    """A desk whose database is a file in `folder`."""
    store = open_store(f"sqlite:///{folder / 'desk.db'}", Vault(parse_keys(invent_key())))
    try:
        yield Scene(store, demo=demo, secure=secure)
    finally:
        await store.close()


async def together(*visits: Any) -> list[Any]:
    """Several requests at once."""
    return list(await asyncio.gather(*visits))


def logged(caplog: Any) -> str:
    """Everything that went into the log, with the arguments of each line."""
    assert logging.getLogger().isEnabledFor(logging.WARNING)
    return "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
