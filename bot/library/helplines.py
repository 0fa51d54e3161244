"""Help lines: who may be shown to whom, and who is open now. The clock is handed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from bot.errors import ContentWrong
from bot.library import public_holidays, sources
from bot.library.public_holidays import State
from bot.texts import HERE as HERE
from bot.texts import local as local

ALWAYS: Final = ("emergency_999", "talian_kasih")
"""What everything falls back to: always in the file, open day and night, never hidden."""

LineKind = Literal[
    "emergency", "child_helpline", "mental_health", "scam", "takedown", "report", "legal"
]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Id = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,24}$")]


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody dialled the number and it was right."""

    date: date
    by: Annotated[str, Meta(min_length=1)]


class Found(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a number was read, and of when that page is."""

    url: str
    date: str


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One help line. `checked`: when its sources were read; `hours`: local, `24h` or [from, to];
    `holidays_of`: the state on whose public holidays nobody answers.

    `name` and `what` are the English sources; a user reads Texts `helplines.<id>.name`, `.what`.
    """

    kind: LineKind
    audience: Literal["everyone", "adults"]
    hours: Literal["24h"] | tuple[Clock, Clock]
    checked: date
    sources: Annotated[list[Found], Meta(min_length=1)]
    name: Annotated[str, Meta(min_length=1)]
    what: Annotated[str, Meta(min_length=1)]
    id: str = ""
    phone: str | None = None
    whatsapp: str | None = None
    url: str | None = None
    days: tuple[Day, ...] = WEEK
    holidays_of: State | None = None
    voice: bool = False
    built_in: bool = False
    verified_by_call: Call | None = None

    def key(self, field: Literal["name", "what"]) -> str:
        """The text key of its name or of what it is for."""
        return f"helplines.{self.id}.{field}"

    def open_at(self, at: int) -> bool:
        """Whether somebody answers at that moment (µs UTC)."""
        if self.hours == "24h":
            return True
        now = local(at)
        start, end = (_minutes(clock) for clock in self.hours)
        minute = now.hour * 60 + now.minute
        if start < end:
            return start <= minute < end and self._works(now.date())
        evening = minute >= start and self._works(now.date())
        return evening or (minute < end and self._works(now.date() - timedelta(days=1)))

    def _works(self, day: date) -> bool:
        resting = self.holidays_of and public_holidays.closed(self.holidays_of, day)
        return WEEK[day.weekday()] in self.days and not resting


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    good_for_days: Annotated[int, Meta(ge=1, le=400)]
    lines: dict[Id, Line]


class Helplines:
    """The directory of lines, in the order of the file."""

    def __init__(self, lines: Iterable[Line], *, good_for_days: int) -> None:
        self.lines = {line.id: line for line in lines}
        self._good_for = timedelta(days=good_for_days)

    def shown(
        self,
        kind: LineKind | None = None,
        *,
        at: int,
        today: date | None = None,
        adult: bool = False,
    ) -> list[Line]:
        """The lines a user may see, of one kind or of all; where a kind has none, 999 and 15999.

        `at` is µs UTC; `today` is the local day, taken from `at` where it is not given. A line is
        shown when it is built in or was verified by a call, not longer ago than the check period.
        """
        day = today or local(at).date()
        of_kind = [x for x in self.lines.values() if kind in (None, x.kind)]
        return [x for x in of_kind if self._may_show(x, day, adult)] or self.always()

    def open_now(
        self,
        at: int,
        *,
        kind: LineKind | None = None,
        today: date | None = None,
        adult: bool = False,
    ) -> list[Line]:
        """Those of `shown` that are open at that moment; never empty."""
        shown = self.shown(kind, at=at, today=today, adult=adult)
        return [x for x in shown if x.open_at(at)] or self.always()

    def always(self) -> list[Line]:
        """999 and 15999: open day and night, never hidden."""
        return [self.lines[key] for key in ALWAYS]

    def listening(self, today: date) -> bool:
        """Whether somebody dialled, not too long ago, a line that listens day and night, besides
        those that are always shown (care.md, 18).
        """
        return any(
            line.hours == "24h" and line.verified_by_call and self._may_show(line, today, False)
            for line in self.lines.values()
            if line.kind in ("child_helpline", "mental_health")
        )

    def oldest(self, today: date) -> int:
        """Days since the sources of the oldest line that children see were read."""
        return max((today - line.checked).days for line in self.seen_by_children(today))

    def seen_by_children(self, today: date) -> list[Line]:
        """The lines that are not hidden from them."""
        return [line for line in self.lines.values() if self._may_show(line, today, adult=False)]

    def why_hidden(self, line: Line, today: date) -> str:
        """Why children do not see a line, in few words; empty where they do."""
        if self._may_show(line, today, adult=False):
            return ""
        if line.audience == "adults" and self._may_show(line, today, adult=True):
            return "for adults only"
        if line.verified_by_call or line.built_in:
            return "dialled or read too long ago"
        return "never dialled"

    def stale(self, today: date) -> list[Line]:
        """Lines that were shown once and are hidden now because their check is too long ago."""
        known = (x for x in self.lines.values() if x.built_in or x.verified_by_call)
        return [x for x in known if not self._may_show(x, today, adult=True)]

    def _may_show(self, line: Line, today: date, adult: bool) -> bool:
        if line.id in ALWAYS:
            return True
        if line.audience == "adults" and not adult:
            return False
        days = [line.checked] if line.built_in else []
        days += [line.verified_by_call.date] if line.verified_by_call else []
        return any(today <= day + self._good_for for day in days)


def load(path: Path) -> Helplines:
    """Read lessons/helplines.yaml. Raises ContentWrong naming the line of help that is wrong."""
    source = sources.read(path.parent.parent, path)
    return from_source(source)


def from_source(source: sources.Source) -> Helplines:
    """The directory from its file."""
    try:
        file = msgspec.convert(source.data, _File)
    except msgspec.ValidationError as error:
        raise ContentWrong(f"{source.name}: {_place(source, error)}{error}") from None
    lines = [msgspec.structs.replace(line, id=key) for key, line in file.lines.items()]
    for each in lines:
        _check(source, each, named=file.lines[each.id].id)
    for key in ALWAYS:
        line = file.lines.get(key)
        if line is None or line.hours != "24h" or line.audience != "everyone":
            raise ContentWrong(f"{source.name}: {key} must be there, for everyone, with hours 24h")
    return Helplines(lines, good_for_days=file.good_for_days)


def _check(source: sources.Source, line: Line, *, named: str) -> None:
    at = f"{source.name}:{source.line(('lines', line.id))}: {line.id}"
    if named not in ("", line.id):
        raise ContentWrong(f"{at}: its id says {named}")
    if not (line.phone or line.whatsapp or line.url):
        raise ContentWrong(f"{at}: has no phone, whatsapp nor url")
    if line.voice and not line.phone:
        raise ContentWrong(f"{at}: voice needs a phone")


def _place(source: sources.Source, error: msgspec.ValidationError) -> str:
    """The first line of help that is wrong by itself: msgspec says `[...]` instead of its key."""
    lines = source.data.get("lines") if isinstance(source.data, dict) else None
    for key, line in lines.items() if isinstance(lines, dict) else ():
        try:
            msgspec.convert(line, Line)
        except msgspec.ValidationError:
            return f"line {source.line(('lines', key))}, {key}: "
    return ""


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
