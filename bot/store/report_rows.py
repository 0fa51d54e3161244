"""What is read of a case: a line, the row that stands in clear, and the row with its facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.messages import Language, Words
from bot.store.database import Row

Status = Literal["draft", "sent", "received", "taken", "waiting", "closed", "withdrawn", "erased"]
Sender = Literal["child", "worker"]
Urgency = Literal["concern", "urgent", "emergency"]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a case. Times are µs UTC; `read_at` is for the child's lines, `shown_at` for
    the worker's.
    """

    id: str
    at: int
    text: Words
    language: Language | None
    sender: Sender
    staff: str | None
    read_at: int | None
    shown_at: int | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What stands in clear. Times are µs UTC; `due_at` is when a person should have looked.

    `unread` counts the child's lines that no person has seen. Everything after `expires_at` is None
    in a draft.
    """

    case: str
    chat_id: str
    status: Status
    created_at: int
    expires_at: int | None
    reference: str | None
    urgency: Urgency | None
    language: Language | None
    drill: bool
    channel: str | None
    due_at: int | None
    sent_at: int | None
    received_at: int | None
    read_at: int | None
    taken_by: str | None
    taken_at: int | None
    closed_by: str | None
    closed_at: int | None
    alarmed_at: int | None
    held_at: int | None
    unread: int


@dataclass(frozen=True, slots=True)
class Report:
    """A row and the facts of its packet (JSON without words); None in a draft and after erasure."""

    row: ReportRow
    facts: bytes | None = field(repr=False)


def row_of(row: Row) -> ReportRow:
    """The clear columns of a row."""
    plain: dict[str, Any] = {
        name: row[name] for name in ReportRow.__slots__ if name not in ("case", "drill")
    }
    return ReportRow(case=row["case_id"], drill=bool(row["drill"]), **plain)
