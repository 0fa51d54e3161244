"""Opening hours of a week, as an operator writes them, in Malaysia's time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from bot.errors import SettingsWrong
from bot.library import public_holidays
from bot.library.helplines import HERE, local

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY: Final = 1440
LOOK_AHEAD: Final = 22
"""Days: longer than any row of holidays, and a week of one hour is in it three times."""
_PART: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")


class Week(msgspec.Struct, frozen=True):
    """Spans of a week: (day 0-6, from minute, to minute), sorted; a span over midnight is two.
    `state`: on whose public holidays it is shut.
    """

    spans: tuple[tuple[int, int, int], ...]
    state: str | None = None

    def shut(self, day: date) -> bool:
        """Whether that day is a holiday there."""
        return self.state is not None and public_holidays.closed(self.state, day)


def parse(text: str, state: str = "") -> Week:
    """`24h`, or parts like `mon-fri 09:00-17:00, sat 10:00-13:00`; `state`: shut on its public
    holidays (not where it is `24h`). Raises SettingsWrong.
    """
    if state and state not in public_holidays.CODES:
        raise SettingsWrong("TEMAN_DESK_STATE is a state's code, such as MY-10 for Selangor")
    if text.strip().lower() == "24h":
        return Week(tuple((day, 0, MINUTES_A_DAY) for day in range(7)))
    spans = [span for part in text.lower().split(",") for span in _spans(part.strip())]
    return Week(tuple(sorted(spans)), state or None)


def _spans(part: str) -> list[tuple[int, int, int]]:
    found = _PART.fullmatch(part)
    if not found or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise SettingsWrong("hours are written as: mon-fri 09:00-17:00, sat 10:00-13:00 (or 24h)")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    start, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (3, 5))
    if start < end:
        return [(day, start, end) for day in days]
    return [x for day in days for x in ((day, start, MINUTES_A_DAY), ((day + 1) % 7, 0, end))]


def next_open(week: Week, at: int) -> int | None:
    """None while it is open at that moment (µs UTC), else when it opens next."""
    now = local(at)
    minute = now.hour * 60 + now.minute
    for ahead in range(LOOK_AHEAD):
        day = (now.weekday() + ahead) % 7
        if week.shut(now.date() + timedelta(days=ahead)):
            continue
        for _, start, end in (span for span in week.spans if span[0] == day):
            if ahead == 0 and start <= minute < end:
                return None
            if ahead > 0 or start > minute:
                return _moment(now, ahead, start)
    return _moment(now, LOOK_AHEAD, 0)


def _moment(now: datetime, days: int, minute: int) -> int:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
    opens = midnight.replace(tzinfo=HERE) + timedelta(minutes=minute)
    return int(opens.astimezone(UTC).timestamp()) * 1_000_000
