"""What happens to a case from the hand-over on, inside the turn's transaction: at the desk it is
received at once, for an intake elsewhere it is written as something to deliver.

Before the first try to deliver begins, later words and answers become part of the report; from then
on they go out as messages. So whatever became of a try, nothing is lost and nothing is told twice.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from bot.conversation.ids import Ids
from bot.conversation.state import Case
from bot.handoff import packet
from bot.messages import Language, Words
from bot.store import deliveries, reports
from bot.store.database import Tx

ROUTING_US: Final = 120 * 1_000_000
"""How long a report that is no emergency waits for the answers to the routing questions."""


def send(
    tx: Tx,
    case: str,
    *,
    facts: dict[str, Any],
    language: Language,
    channel: str,
    elsewhere: bool,
    now: int,
) -> bool:
    """The draft is handed over now: the one way to do it, whatever the intake. An emergency rings.

    `facts` are those of packet.facts. False, and nothing changes, when it is no draft (any more).
    """
    urgency: packet.Urgency = facts["urgency"]
    sent = reports.send(
        tx,
        case,
        now=now,
        facts=msgspec.json.encode(facts),
        urgency=urgency,
        language=language,
        drill=facts["drill"],
        reference=facts["reference"],
        channel=channel,
        due_at=now,
    )
    if not sent:
        return False
    emergency = urgency == "emergency"
    if elsewhere:
        deliveries.add_report(tx, case, now=now, due_at=now if emergency else now + ROUTING_US)
    else:
        reports.received(tx, case, now=now)
    if emergency:
        reports.alarm(tx, case, now=now)
    return True


def amend(tx: Tx, case: Case, *, final: bool, ids: Ids, now: int) -> None:
    """The answers to the routing questions replace those in the facts; the rest stays as it was
    sent. An intake elsewhere that may know the old ones gets a message that says what changed.
    """
    report = reports.get(tx, case.id)
    if report is None or report.facts is None:
        return
    before = msgspec.json.decode(report.facts)
    after = before | packet.answers(case) | packet.worry(case)
    urgency = packet.urgency(case)
    if not reports.amend(tx, case.id, facts=msgspec.json.encode(after), urgency=urgency):
        return
    begun = deliveries.begun(tx, case.id)
    if begun is None:
        return
    changed = packet.changes(before, after)
    if begun and changed:
        deliveries.add_note(tx, ids.take(), case.id, changed, now=now)
    if final or urgency == "emergency":
        deliveries.hasten(tx, case.id, due_at=now)


def pass_on(tx: Tx, case: str, line: str, text: Words, *, ids: Ids, now: int) -> None:
    """A line that was just kept goes on to an intake elsewhere: with the report, or, once that may
    have left, as a message; a long one in pieces.
    """
    if not deliveries.begun(tx, case):
        return
    for part in range(-(-packet.length(text) // deliveries.PART)):
        id = line if part == 0 else ids.take()
        deliveries.add_message(tx, id, case, line=line, part=part, now=now)


def withdraw(tx: Tx, case: str, *, ids: Ids, now: int) -> None:
    """Taken back: deleted here at once where nothing has left; else the intake is asked, and what
    has not left yet stays here.
    """
    if deliveries.begun(tx, case):
        deliveries.add_withdraw(tx, ids.take(), case, now=now)
    else:
        reports.withdraw(tx, case, now=now)
