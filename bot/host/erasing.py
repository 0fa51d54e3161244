"""Erasure by the operator's hand: a chat with all that is kept of it, or one report; and the lawful
hold that no erasure passes (care.md, 10). Each is on record without an address or a word.
"""

from __future__ import annotations

import os
from typing import Literal

import msgspec

from bot.conversation.ids import Ids
from bot.host import console
from bot.host.receive import Host
from bot.messages import Chat
from bot.store import chats, holds, incidents, reports, timers
from bot.store import staff as accounts
from bot.store.database import Store, Tx

Held = Literal["held", "ended", "already", "gone"]


class Erased(msgspec.Struct, frozen=True):
    """What an erasure took, and which reports it left: those under a hold, and, unless they were
    meant too, those that were handed over.
    """

    drafts: int = 0
    reports: int = 0
    left: int = 0


async def chat(
    store: Store, where: Chat, *, with_reports: bool, now: int, who: str
) -> Erased | None:
    """Everything kept of a chat: profiles, progress, unsent words, drafts, timers, errors, and
    where `with_reports` what was handed over. None where the chat is not known.
    """
    seed = os.urandom(16)

    def erase(tx: Tx) -> Erased | None:
        chat_id = chats.find(tx, where)
        if chat_id is None:
            return None
        done = _cases(tx, chat_id, with_reports=with_reports, now=now)
        timers.drop_chat(tx, chat_id)
        incidents.drop_chat(tx, chat_id)
        chats.erase(tx, chat_id)
        accounts.audit(tx, id=Ids(now, seed).take(), at=now, staff=who, action="erased a chat")
        return done

    return await store.run(erase)


def _cases(tx: Tx, chat_id: str, *, with_reports: bool, now: int) -> Erased:
    drafts = gone = left = 0
    for case, status, _ in reports.of_chat(tx, chat_id):
        if status == "draft":
            drafts += reports.drop(tx, case)
        elif status not in ("withdrawn", "erased"):
            erased = with_reports and reports.erase(tx, case, now=now)
            gone, left = gone + erased, left + (not erased)
    return Erased(drafts, gone, left)


async def report(store: Store, reference: str, *, now: int, who: str) -> bool | None:
    """One report: words, facts and key. False while a hold lies on it, or nothing is left of it;
    None where there is no such report.
    """
    seed = os.urandom(16)

    def erase(tx: Tx) -> bool | None:
        case = reports.case_of(tx, reference)
        if case is None:
            return None
        done = reports.erase(tx, case, now=now)
        if done:
            line = Ids(now, seed).take()
            accounts.audit(tx, id=line, at=now, staff=who, action="erased", case=case)
        return done

    return await store.run(erase)


async def hold(host: Host, reference: str, *, end: bool, who: str) -> Held:
    """Put a hold on a report, or end it. Whoever holds it counts as its reader: what is held can't
    be taken back any more, and the child is told so when they ask (care.md, 6).
    """
    case = await host.store.run(lambda tx: reports.case_of(tx, reference))
    if case is None:
        return "gone"
    if not end:
        await console.put_on_record(host, case, who)
    now, seed = host.clock(), os.urandom(16)

    def change(tx: Tx) -> bool:
        done = holds.end(tx, case) if end else holds.put(tx, case, now=now)
        if done:
            action = "ended a hold" if end else "put a hold on it"
            line = Ids(now, seed).take()
            accounts.audit(tx, id=line, at=now, staff=who, action=action, case=case)
        return done

    done = await host.store.run(change)
    return ("ended" if end else "held") if done else "already"
