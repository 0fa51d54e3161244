"""What the engine asked to be told later. A timer fires through `receive`, which removes it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from bot.conversation.events import TimerKind
from bot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Timer:
    """Due at `due_at` (µs UTC). At most one stands for a kind and case."""

    id: str
    chat_id: str
    kind: TimerKind
    case: str
    due_at: int


def set(tx: Tx, *, id: str, chat_id: str, kind: TimerKind, case: str, due_at: int) -> None:
    """Ask for a timer; one of the same kind and case is replaced."""
    tx.execute("timer_set", id=id, chat_id=chat_id, kind=kind, case_id=case, due_at=due_at)


def cancel(tx: Tx, *, kind: TimerKind, case: str) -> None:
    """The timer is not wanted any more, if it stands."""
    tx.execute("timer_cancel", kind=kind, case_id=case)


def due(tx: Tx, *, now: int, limit: int) -> list[Timer]:
    """Timers whose time has come, the oldest first; they stay until `done`."""
    return [
        Timer(
            row["id"], row["chat_id"], cast(TimerKind, row["kind"]), row["case_id"], row["due_at"]
        )
        for row in tx.all("timers_due", now=now, most=limit)
    ]


def done(tx: Tx, id: str) -> bool:
    """The timer has fired. False when it was replaced or cancelled meanwhile: then it must not
    fire.
    """
    return tx.execute("timer_done", id=id) == 1


def drop_chat(tx: Tx, chat_id: str) -> None:
    """No timer of this chat is wanted any more."""
    tx.execute("timers_drop_chat", chat_id=chat_id)


def drop_case(tx: Tx, case: str) -> None:
    """No timer of this case is wanted any more."""
    tx.execute("timers_drop_case", case_id=case)
