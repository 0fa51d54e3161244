"""Who dialled a help line, and when nobody answers there."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import app, cli
from bot.errors import ContentWrong, SettingsWrong
from bot.library import helplines, hours, public_holidays, verifying
from tests.conversation.talk import ROOT

FILE = ROOT / "lessons" / "helplines.yaml"
DAY = date(2026, 11, 25)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The help lines of the project, to write into."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    return Path(shutil.copy(FILE, folder))


def at(day: date, hour: int) -> int:
    """µs UTC of an hour on the wall in Malaysia."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=helplines.HERE)
    return int(moment.astimezone(UTC).timestamp()) * 1_000_000


def test_a_line_is_hidden_until_somebody_dialled_it_and_stays_so_for_its_time(copy: Path) -> None:
    before = helplines.load(copy)
    line = before.lines["befrienders_kl"]
    assert before.why_hidden(line, DAY) == "never dialled"
    verifying.verify(copy, "befrienders_kl", DAY, 'Puan "A"')
    after = helplines.load(copy)
    found = after.lines["befrienders_kl"].verified_by_call
    assert found is not None
    assert (found.date, found.by) == (DAY, 'Puan "A"')
    assert after.why_hidden(after.lines["befrienders_kl"], DAY) == ""
    assert after.why_hidden(after.lines["befrienders_kl"], date(2027, 11, 25)) != ""
    assert {k: v for k, v in before.lines.items() if k != "befrienders_kl"} == {
        k: v for k, v in after.lines.items() if k != "befrienders_kl"
    }


def test_the_comments_of_the_file_stay_and_a_second_call_replaces_the_first(copy: Path) -> None:
    text = copy.read_text(encoding="utf-8")
    verifying.verify(copy, "iwf", DAY, "A")
    verifying.verify(copy, "iwf", date(2026, 11, 26), "B")
    now = copy.read_text(encoding="utf-8")
    assert now.count("verified_by_call: {") == text.count("verified_by_call: {") + 1
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in now.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(("line_id", "by"), [("nobody", "A"), ("iwf", "  ")])
def test_what_cannot_be_noted_leaves_the_file_alone(copy: Path, line_id: str, by: str) -> None:
    text = copy.read_text(encoding="utf-8")
    with pytest.raises(ContentWrong):
        verifying.verify(copy, line_id, DAY, by)
    assert copy.read_text(encoding="utf-8") == text
    assert [path.name for path in copy.parent.iterdir()] == ["helplines.yaml"]


def test_the_commands(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "ROOT", copy.parents[1])
    assert cli.main(["services", "list"]) == 0
    said = capsys.readouterr().out
    assert "befrienders_kl\tmental_health\t03-7627 2929\thidden: never dialled" in said
    assert "stopncii\ttakedown\tstopncii.org\thidden" in said
    assert cli.main(["services", "verify", "befrienders_kl", "--by", "A"]) == 0
    capsys.readouterr()
    assert cli.main(["services", "list"]) == 0
    assert "dialled 0 days ago by A" in capsys.readouterr().out
    for wrong in (["--date", "yesterday"], ["--date", "2999-01-01"]):
        assert cli.main(["services", "verify", "iwf", "--by", "A", *wrong]) == 1


def test_a_line_of_office_hours_rests_on_a_public_holiday_of_its_state() -> None:
    line = helplines.load(FILE).lines["mcmc_complaints"]
    national = date(2026, 8, 31)
    assert national.weekday() == 0
    assert public_holidays.closed("MY-10", national)
    assert not line.open_at(at(national, 10))
    assert line.open_at(at(date(2026, 9, 1), 10))


def test_holidays_differ_from_state_to_state() -> None:
    of_state = {
        code: {d for n in range(365) if public_holidays.closed(code, d := date.fromordinal(
            date(2026, 1, 1).toordinal() + n))}
        for code in public_holidays.CODES
    }  # fmt: skip
    assert len(of_state) == 16
    assert all(len(days) >= 10 for days in of_state.values())
    assert len({frozenset(days) for days in of_state.values()}) > 8


def test_the_desk_promises_the_next_working_day() -> None:
    week = hours.parse("mon-fri 09:00-17:00", "MY-10")
    friday = date(2026, 8, 28)
    opens = hours.next_open(week, at(friday, 18))
    assert opens == at(date(2026, 9, 1), 9), "Monday is National Day"
    assert hours.next_open(hours.parse("mon-fri 09:00-17:00"), at(friday, 18)) == at(
        date(2026, 8, 31), 9
    )
    assert hours.next_open(hours.parse("24h", "MY-10"), at(date(2026, 8, 31), 10)) is None
    with pytest.raises(SettingsWrong, match="MY-10"):
        hours.parse("mon-fri 09:00-17:00", "Selangor")
