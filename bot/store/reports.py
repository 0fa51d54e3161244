"""Cases from the first words on: a draft, then a report. Words and facts are sealed with the case's
own key.
"""

from __future__ import annotations

from typing import Final, cast

from bot.messages import Language, Words
from bot.store import keys
from bot.store.database import Row, Tx
from bot.store.report_rows import Line, Report, ReportRow, Sender, Status, Urgency, row_of

__all__ = ["Line", "Report", "ReportRow", "Sender", "Status", "Urgency"]
ELSEWHERE: Final = "intake"
"""Stands for whoever works at an intake elsewhere, where an id of staff would stand."""
_SPEAKABLE: Final = ("draft", "sent", "received", "taken", "waiting")


def draft(tx: Tx, *, id: str, chat_id: str, now: int, expires_at: int) -> None:
    """A case begins, with its own key. Nobody reads it until `send`."""
    keys.make(tx, id)
    tx.execute("report_draft", case_id=id, chat_id=chat_id, now=now, expires_at=expires_at)


def add_words(
    tx: Tx,
    *,
    id: str,
    case: str,
    now: int,
    text: Words,
    language: Language | None,
    sender: Sender,
    staff: str | None = None,
) -> bool:
    """Keep one message with the case; the same id a second time changes nothing. False if no such
    case is open.
    """
    row = tx.one("report_lock", case_id=case)
    if row is None or row["status"] not in _SPEAKABLE:
        return False
    sealed = keys.get(tx, case).seal(
        text.reveal().encode("utf-8", "surrogatepass"), _about_line(case, id)
    )
    tx.execute(
        "line_add",
        id=id,
        case_id=case,
        now=now,
        sealed=sealed,
        language=language,
        sender=sender,
        staff=staff,
    )
    return True


def words(tx: Tx, case: str) -> list[Line]:
    """Every message of the case, oldest first; empty after erasure. Raises Unreadable."""
    return _lines(tx, case, tx.all("lines_of", case_id=case))


def drop(tx: Tx, case: str) -> bool:
    """A draft ends here: words, row and key. False, and nothing changes, when it is no draft."""
    return _emptied(tx, case, tx.execute("report_drop", case_id=case))


def send(
    tx: Tx,
    case: str,
    *,
    now: int,
    facts: bytes,
    urgency: Urgency,
    language: Language,
    drill: bool,
    reference: str,
    channel: str,
    due_at: int | None,
) -> bool:
    """The draft becomes a report. False, and nothing changes, when it is no draft (any more)."""
    done = tx.execute(
        "report_send",
        case_id=case,
        now=now,
        facts=_sealed_facts(tx, case, facts) if _is_draft(tx, case) else None,
        urgency=urgency,
        language=language,
        drill=int(drill),
        reference=reference,
        channel=channel,
        due_at=due_at,
    )
    return done == 1


def amend(tx: Tx, case: str, *, facts: bytes, urgency: Urgency | None = None) -> bool:
    """Other facts, and where given another urgency, for a report that is open. False otherwise."""
    row = tx.one("report_lock", case_id=case)
    if row is None or row["status"] == "draft" or row["status"] not in _SPEAKABLE:
        return False
    sealed = _sealed_facts(tx, case, facts)
    return tx.execute("report_amend", case_id=case, facts=sealed, urgency=urgency) == 1


def received(tx: Tx, case: str, *, now: int) -> bool:
    """The intake has it. True the first time."""
    return tx.execute("report_received", case_id=case, now=now) == 1


def take(tx: Tx, case: str, *, staff: str, now: int) -> bool:
    """`staff` looks after it. False when somebody else does, or when it is not open."""
    return tx.execute("report_take", case_id=case, staff=staff, now=now) == 1


def wait(tx: Tx, case: str) -> bool:
    """It is taken, and waits for something outside. False when it was not taken."""
    return tx.execute("report_wait", case_id=case) == 1


def release(tx: Tx, *, staff: str) -> int:
    """The shift ends: what `staff` had taken is in the queue again; returns how many."""
    return tx.execute("report_release", staff=staff)


def release_one(tx: Tx, case: str) -> bool:
    """Back to the queue. When it was first taken stays on record."""
    return bool(tx.execute("report_release_one", case_id=case))


def mark_read(tx: Tx, case: str, *, now: int) -> bool:
    """A person has opened it: every line of the child's is read and the alarm is quiet. True the
    first time.
    """
    tx.execute("lines_read", case_id=case, now=now)
    tx.execute("report_quiet", case_id=case)
    return tx.execute("report_read", case_id=case, now=now) == 1


def close(tx: Tx, case: str, *, now: int, staff: str) -> bool:
    """The work is done. False when it was not open."""
    return tx.execute("report_close", case_id=case, now=now, staff=staff) == 1


def withdraw(tx: Tx, case: str, *, now: int) -> bool:
    """The child takes it back: words, facts and key go, the row stays. False once a person has read
    it.
    """
    return _emptied(tx, case, tx.execute("report_withdraw", case_id=case, now=now))


def erase(tx: Tx, case: str, *, now: int) -> bool:
    """The time of keeping is over: words, facts and key go, the row stays for the counts. False,
    and nothing changes, while a hold lies on it.
    """
    return _emptied(tx, case, tx.execute("report_erase", case_id=case, now=now))


def of_chat(tx: Tx, chat_id: str) -> list[tuple[str, Status, bool]]:
    """The cases of a chat, oldest first: id, status, and whether a hold lies on it."""
    rows = tx.all("reports_of_chat", chat_id=chat_id)
    return [(row["case_id"], cast(Status, row["status"]), bool(row["held_at"])) for row in rows]


def unshown(tx: Tx, case: str) -> list[Line]:
    """The worker's lines that the child has not been given yet, oldest first."""
    return _lines(tx, case, tx.all("lines_unshown", case_id=case))


def answers(tx: Tx, case: str) -> list[Line]:
    """Every line of the worker's, oldest first."""
    return [line for line in words(tx, case) if line.sender == "worker"]


def shown(tx: Tx, case: str, *, now: int) -> int:
    """The child has been given every line of the worker's; returns how many were new."""
    return tx.execute("lines_shown", case_id=case, now=now)


def alarm(tx: Tx, case: str, *, now: int) -> bool:
    """Make an open report loud until it is read."""
    return tx.execute("report_alarm", case_id=case, now=now) == 1


def queue(tx: Tx) -> list[ReportRow]:
    """Open reports: emergencies and alarms first, then by urgency, then by age."""
    return [row_of(row) for row in tx.all("report_queue")]


def get(tx: Tx, case: str) -> Report | None:
    """One case, or None. Raises Unreadable."""
    return _report(tx, tx.one("report_get", case_id=case))


def status(tx: Tx, case: str) -> Status | None:
    """How a case stands, locked until this transaction ends; its words and facts need not be
    readable.
    """
    row = tx.one("report_lock", case_id=case)
    return cast(Status, row["status"]) if row else None


def by_reference(tx: Tx, reference: str) -> Report | None:
    """The case of that reference, or None. Raises Unreadable."""
    return _report(tx, tx.one("report_by_reference", reference=reference))


def case_of(tx: Tx, name: str) -> str | None:
    """The case of a reference, in any letters, or of its own id; nothing of it is opened."""
    by_name = {"reference": name.upper(), "case_id": name.lower()}
    row = tx.one("report_named", **by_name)
    return row["case_id"] if row else None


def drill_claimed_since(tx: Tx, *, since: int) -> bool:
    """Whether somebody took a drill at or after that moment: people do stand behind the desk."""
    return tx.one("report_drill_claimed", since=since) is not None


def drill_received_since(tx: Tx, *, since: int) -> bool:
    """Whether an intake elsewhere confirmed a drill at or after that moment."""
    return tx.one("report_drill_received", since=since) is not None


def line_known(tx: Tx, id: str) -> bool:
    """Whether a message of any case has this id."""
    return tx.one("line_known", id=id) is not None


def open_counts(tx: Tx) -> dict[str, int]:
    """Urgency -> open reports, for metrics."""
    return {row["urgency"]: row["count"] for row in tx.all("report_counts")}


def older(tx: Tx, *, before: int) -> list[str]:
    """The cases handed over that began at or before that moment and still hold words."""
    return [row["case_id"] for row in tx.all("reports_older", before=before)]


def overdue_drafts(tx: Tx, *, now: int) -> list[ReportRow]:
    """Drafts whose announced end has come, the oldest first."""
    return [row_of(row) for row in tx.all("reports_overdue", now=now)]


def _emptied(tx: Tx, case: str, ended: int) -> bool:
    """When the row has `ended`, words and key go too."""
    if ended:
        tx.execute("lines_delete", case_id=case)
        tx.execute("returns_erase", case_id=case)
        tx.execute("deliveries_forget", case_id=case)
        keys.erase(tx, case)
    return bool(ended)


def _is_draft(tx: Tx, case: str) -> bool:
    row = tx.one("report_lock", case_id=case)
    return row is not None and row["status"] == "draft"


def _sealed_facts(tx: Tx, case: str, facts: bytes) -> str:
    return keys.get(tx, case).seal(facts, f"reports.facts/{case}")


def _about_line(case: str, line_id: str) -> str:
    return f"report_lines/{case}/{line_id}"


def _lines(tx: Tx, case: str, rows: list[Row]) -> list[Line]:
    if not rows:
        return []
    key = keys.get(tx, case)
    return [
        Line(
            id=row["id"],
            at=row["at"],
            text=Words(
                key.open(row["sealed"], _about_line(case, row["id"])).decode(
                    "utf-8", "surrogatepass"
                )
            ),
            language=cast("Language | None", row["language"]),
            sender=cast(Sender, row["sender"]),
            staff=row["staff"],
            read_at=row["read_at"],
            shown_at=row["shown_at"],
        )
        for row in rows
    ]


def _report(tx: Tx, row: Row | None) -> Report | None:
    if row is None:
        return None
    facts = row["facts"]
    case = row["case_id"]
    clear = None if facts is None else keys.get(tx, case).open(facts, f"reports.facts/{case}")
    return Report(row_of(row), clear)
