"""Breaking the glass: for danger to life or a lawful order, a supervisor and a second person
together see which chat a report came from (care.md, 10). Off unless the operator has switched it
on, and said to every user who begins while it is on. Each time it is on record and alarmed.
"""

from __future__ import annotations

import asyncio
import os

import msgspec

from bot.conversation.ids import Ids
from bot.errors import SettingsWrong
from bot.host import staff
from bot.host.alarms import Alarms
from bot.messages import Chat
from bot.store import chats, reports
from bot.store import staff as accounts
from bot.store.database import Store, Tx

REASON_MINIMUM = 10
ALARM = "the glass was broken"


class Person(msgspec.Struct, frozen=True):
    """Somebody who signs for it."""

    name: str
    password: str

    def __repr__(self) -> str:
        return "Person(...)"

    __str__ = __repr__


async def address(
    store: Store,
    reference: str,
    signing: tuple[Person, Person],
    reason: str,
    *,
    now: int,
    alarms: Alarms,
) -> Chat | None:
    """The chat of a report, or None where the report or the chat is gone. Raises SettingsWrong
    where the two may not, or no reason is given. On record before it is told.
    """
    if len(reason.strip()) < REASON_MINIMUM:
        raise SettingsWrong("say why, in a sentence: it is on record")
    first, second = [await _known(store, person) for person in signing]
    if first.id == second.id:
        raise SettingsWrong("two people must sign, not one twice")
    if "supervisor" not in (first.role, second.role):
        raise SettingsWrong("one of the two must be a supervisor")
    seed = os.urandom(16)

    def reveal(tx: Tx) -> tuple[str, Chat] | None:
        case = reports.case_of(tx, reference)
        report = reports.get(tx, case) if case else None
        loaded = chats.load_by_id(tx, report.row.chat_id) if report else None
        if case is None or loaded is None:
            return None
        ids = Ids(now, seed)
        for person in (first, second):
            accounts.audit(
                tx, id=ids.take(), at=now, staff=person.id, action="broke the glass", case=case,
                detail=reason.strip(),
            )  # fmt: skip
        return case, loaded.chat

    found = await store.run(reveal)
    if found is None:
        return None
    alarms.sound(ALARM, found[0])
    await alarms.settled()
    return found[1]


async def _known(store: Store, person: Person) -> accounts.Staff:
    account = await store.run(lambda tx: accounts.by_name(tx, staff.tidy(person.name)))
    fits = account is not None and await asyncio.to_thread(
        staff.check_password, account.password_hash, person.password
    )
    if account is None or not fits or account.disabled:
        raise SettingsWrong("name or password does not fit")
    return account
