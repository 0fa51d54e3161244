"""Help lines: shown by rule, open by the clock in Malaysia, never nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from bot.errors import ContentWrong
from bot.library import helplines
from bot.library.helplines import Call, Helplines, Line
from tests.library.project import Project

FILE = "lessons/helplines.yaml"


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment in November 2026, in Malaysia's time, as µs UTC."""
    local = datetime(2026, 11, day, hour, minute, tzinfo=helplines.HERE)
    return int(local.astimezone(UTC).timestamp()) * 1_000_000


def ids(lines: list[Line]) -> list[str]:
    """Their ids."""
    return [line.id for line in lines]


def with_line(content: Project, **fields: object) -> Helplines:
    """The directory with the evening line changed."""
    found = helplines.load(content.path(FILE))
    changed = msgspec.structs.replace(found.lines["evening_line"], **fields)
    lines = {**found.lines, "evening_line": changed}
    return Helplines(lines.values(), good_for_days=180)


NOON = at(24, 12)
ALWAYS = ["emergency_999", "talian_kasih"]


def test_only_built_in_and_verified_lines_are_shown(content: Project) -> None:
    assert ids(helplines.load(content.path(FILE)).shown(at=NOON)) == ALWAYS
    called = with_line(content, verified_by_call=Call(date(2026, 11, 1), "operator"))
    assert ids(called.shown(at=NOON)) == [*ALWAYS, "evening_line"]
    assert ids(called.shown("mental_health", at=NOON)) == ["evening_line"]


@pytest.mark.parametrize(("days", "there"), [(180, True), (181, False), (4000, False)])
def test_a_line_past_its_check_is_hidden_and_the_two_stand_in(
    content: Project, days: int, there: bool
) -> None:
    called = with_line(content, verified_by_call=Call(date(2026, 1, 1), "operator"))
    today = date.fromordinal(date(2026, 1, 1).toordinal() + days)
    wanted = ["evening_line"] if there else ALWAYS
    assert ids(called.shown("mental_health", at=NOON, today=today)) == wanted
    assert ids(called.shown(at=NOON, today=today))[:2] == ALWAYS
    assert ids(called.stale(today)) == ([] if there else ["evening_line"])


def test_the_day_is_the_day_in_malaysia(content: Project) -> None:
    called = with_line(content, verified_by_call=Call(date(2026, 11, 24), "operator"))
    last = datetime(2027, 5, 23, 15, 59, tzinfo=UTC)  # 23:59 in Malaysia, 180 days later
    for minutes, there in ((0, True), (1, False)):
        moment = int(last.timestamp() + 60 * minutes) * 1_000_000
        assert ("evening_line" in ids(called.shown(at=moment))) is there


def test_lines_for_adults_are_not_shown_to_children(content: Project) -> None:
    line = with_line(content, audience="adults", built_in=True)
    assert ids(line.shown(at=NOON)) == ALWAYS
    assert ids(line.shown(at=NOON, adult=True)) == [*ALWAYS, "evening_line"]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(24, 17, 59), False),
        (at(24, 18), True),
        (at(24, 23, 59), True),
        (at(25, 1, 59), True),
        (at(25, 2), False),
        (at(28, 1), True),  # the night from Friday to Saturday
        (at(28, 19), False),  # Saturday
        (at(30, 1), False),  # the night from Sunday to Monday
    ],
)
def test_a_line_that_goes_past_midnight_is_open_by_the_day_it_began(
    content: Project, moment: int, is_open: bool
) -> None:
    line = with_line(content, built_in=True, days=("mon", "tue", "wed", "thu", "fri"))
    assert line.lines["evening_line"].open_at(moment) is is_open
    wanted = ["evening_line"] if is_open else ALWAYS
    assert ids(line.open_now(moment, kind="mental_health")) == wanted


@pytest.mark.parametrize(
    ("minute", "is_open"), [(at(24, 11, 59), False), (at(24, 12), True), (at(24, 23, 59), True)]
)
def test_a_line_may_be_open_until_midnight(content: Project, minute: int, is_open: bool) -> None:
    line = with_line(content, hours=("12:00", "24:00"))
    assert line.lines["evening_line"].open_at(minute) is is_open


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("emergency_999:", "emergency:", "emergency_999 must be there"),
        (
            '"15999", whatsapp: "019-261 5999", hours: 24h',
            '"15999", hours: ["08:00", "9:00"]',
            "kasih",
        ),
        ('phone: "15555", ', "", "evening_line"),
        ("kind: mental_health", "kind: mental", "evening_line"),
        ("good_for_days: 180", "good_for_days: 0", "good_for_days"),
        ("hours: 24h", 'hours: ["08:00", "20:00"]', "emergency_999 must be there"),
    ],
)
def test_what_is_wrong_is_told(content: Project, old: str, new: str, told: str) -> None:
    content.swap(FILE, old, new)
    with pytest.raises(ContentWrong, match=told):
        helplines.load(content.path(FILE))


def test_children_see_only_what_is_built_in(house: Path) -> None:
    found = helplines.load(house / FILE)
    assert ids(found.shown(at=at(24, 3))) == [*ALWAYS, "nsrc_997", "take_it_down"]
    hidden = set(found.lines) - set(ids(found.shown(at=at(24, 3), adult=True)))
    assert {"befrienders_kl", "buddy_bear", "heal_15555", "mcmc_complaints"} <= hidden
    assert found.lines["stopncii"].audience == "adults"
    assert not [line for line in found.lines.values() if "remove" in line.id]


def test_one_way_of_the_two_needs_no_voice(house: Path) -> None:
    assert any(line.whatsapp for line in helplines.load(house / FILE).always())
