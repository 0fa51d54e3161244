"""What can happen to a conversation besides a message. All go through `host.receive` and are
deduplicated alike.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.messages import Incoming

TimerKind = Literal["emergency_draft", "draft_expiry", "follow_up", "unread_line"]


class TimerFired(msgspec.Struct, frozen=True):
    """A timer that the engine had asked for is due."""

    id: str
    kind: TimerKind
    case: str


class StaffMessage(msgspec.Struct, frozen=True):
    """A case worker answered. The words are already stored with the case; the engine decides how
    they may arrive.
    """

    id: str
    case: str


class ReportStatus(msgspec.Struct, frozen=True):
    """The intake says where a report stands. `read` comes once, when a person first opened it."""

    id: str
    case: str
    status: Literal["read", "taken", "waiting", "closed"]


class ReportReceived(msgspec.Struct, frozen=True):
    """The intake has confirmed the report."""

    id: str
    case: str


class DeliveryDelayed(msgspec.Struct, frozen=True):
    """A report has not reached the intake in time, or the intake refused it."""

    id: str
    case: str


class WithdrawAnswered(msgspec.Struct, frozen=True):
    """The intake elsewhere has answered the wish to take a report back: it is deleted there, or
    (`done` is False) a person has read it.
    """

    id: str
    case: str
    done: bool


class CameBack(msgspec.Struct, frozen=True):
    """A web child gave the right reference and come-back words: the answer may be shown at
    once.
    """

    id: str
    case: str


class SendParked(msgspec.Struct, frozen=True):
    """The user cannot be reached at all. `chat` is the chat's id in the store; `turn` the one that
    the message was of which tells so: who has written since is reachable.
    """

    id: str
    chat: str
    turn: int


Event = (
    Incoming
    | TimerFired
    | StaffMessage
    | ReportStatus
    | ReportReceived
    | DeliveryDelayed
    | WithdrawAnswered
    | CameBack
    | SendParked
)
