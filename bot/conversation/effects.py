"""What the engine asks the host to do. Each has exactly one handler in `host.apply`."""

from __future__ import annotations

import msgspec

from bot.conversation.events import TimerKind
from bot.conversation.state import Case
from bot.messages import Lane, Language, Outgoing, Words


class Say(msgspec.Struct, frozen=True):
    """One message to the user. Only the lane `normal` may be superseded by a later turn."""

    outgoing: Outgoing
    lane: Lane = "normal"


class OpenDraft(msgspec.Struct, frozen=True):
    """A case begins: its words are kept, encrypted, until the child decides or `expires_at` (µs
    UTC).
    """

    case: str
    expires_at: int


class KeepWords(msgspec.Struct, frozen=True):
    """The user's words belong to this case: to the draft, or, once it is sent, as a further line
    for the reader.
    """

    case: str
    id: str
    text: Words
    language: Language | None


class DropDraft(msgspec.Struct, frozen=True):
    """The child said no, or was misunderstood, or the draft ran out: the words and their key are
    deleted.
    """

    case: str


class OpenReport(msgspec.Struct, frozen=True):
    """Hand the case over, with `consent` as in report.schema.json. `case` carries the answers given
    so far.
    """

    case: Case
    consent: str
    role: str
    band: str | None


class AmendReport(msgspec.Struct, frozen=True):
    """A later answer to a routing question, for a report that is already handed over. `final`: no
    further question comes, so an intake elsewhere need not wait for one.
    """

    case: Case
    final: bool = False


class WithdrawReport(msgspec.Struct, frozen=True):
    """The user takes the report back; honoured only while nobody has read it (the handler looks,
    under the lock). An intake elsewhere that may have it already is asked to delete it.
    """

    case: str


class ShowAnswers(msgspec.Struct, frozen=True):
    """Send the case worker's unread lines now, each in `frame` (with `{words}` in it), in the relay
    lane.
    """

    case: str
    frame: str


class ReturnWords(msgspec.Struct, frozen=True):
    """The four come-back words of a web child; only their hash is kept."""

    case: str
    reference: str
    words: tuple[str, ...]


class Schedule(msgspec.Struct, frozen=True):
    """Fire once at `due_at` (µs UTC). An earlier timer of the same kind and case is replaced."""

    id: str
    kind: TimerKind
    case: str
    due_at: int


class Cancel(msgspec.Struct, frozen=True):
    """The timer of this kind and case is not wanted any more."""

    kind: TimerKind
    case: str


class Alarm(msgspec.Struct, frozen=True):
    """Make the case loud for the people on duty: a new emergency, or one after a person took
    over.
    """

    case: str


class Hush(msgspec.Struct, frozen=True):
    """Hide: no unsent row of this chat may go out; the relay is held until it is asked for."""


class Release(msgspec.Struct, frozen=True):
    """The quiet word after hide: what was held for this chat may go out."""


class CancelUnsent(msgspec.Struct, frozen=True):
    """Another person is at the phone now: unsent rows of the last one must not reach this one."""

    profile: str | None


class Forget(msgspec.Struct, frozen=True):
    """Erase a profile: its row, its key, its drafts. Reports already sent stay with the intake."""

    profile: str


Effect = (
    Say
    | OpenDraft
    | KeepWords
    | DropDraft
    | OpenReport
    | AmendReport
    | WithdrawReport
    | ShowAnswers
    | ReturnWords
    | Schedule
    | Cancel
    | Alarm
    | Hush
    | Release
    | CancelUnsent
    | Forget
)
