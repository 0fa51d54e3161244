"""Erasure, holds and the end of keeping: what is gone is gone from the file, and what is held
stays.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from bot import cli
from bot.errors import Unreadable
from bot.host import erasing, workers
from bot.host.workers import DAY_US
from bot.messages import Chat
from bot.store import incidents, keys, reports
from bot.store.database import Tx
from tests.conversation.talk import DAY
from tests.host.house import House, opened

PLANTED = "planted-otter-7341"
WORDS = f"he will send my photo to my class if i dont pay {PLANTED}"
WHO = "console:test"


async def told(house: House, address: str = "child") -> str:
    """A disclosure that was handed over; gives its reference."""
    await house.onboard(address)
    await house.say(address, WORDS)
    for typed in ("1", "3", "1", "1"):
        await house.say(address, typed)
    rows = await house.store.run(reports.queue)
    assert rows[-1].reference is not None
    return rows[-1].reference


def everything(folder: Path) -> bytes:
    """All bytes of every file of the database: the file, its WAL, and copies of it."""
    found = sorted(folder.rglob("*.db*"))
    assert found
    return b"".join(path.read_bytes() for path in found)


def words_of(tx: Tx, reference: str) -> list[str]:
    case = reports.case_of(tx, reference)
    assert case is not None
    return [line.text.reveal() for line in reports.words(tx, case)]


async def test_29_what_was_planted_is_in_no_file_before_or_after(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(tmp_path) as house:
        reference = await told(house)
        assert (await house.store.run(lambda tx: words_of(tx, reference)))[0] == WORDS
        backup = tmp_path / "backup"
        backup.mkdir()
        for path in tmp_path.glob("teman.db*"):
            shutil.copy(path, backup)
        case = await house.store.run(lambda tx: reports.case_of(tx, reference))
        done = await erasing.chat(
            house.store, Chat("web", "child"), with_reports=True, now=house.clock(), who=WHO
        )
        assert done == erasing.Erased(drafts=0, reports=1, left=0)
        with pytest.raises(Unreadable):
            await house.store.run(lambda tx: keys.get(tx, case or ""))
        for table in ("chats", "profiles", "outbox", "timers", "report_lines", "data_keys"):
            assert house.raw(f"SELECT count(*) FROM {table}") == [(0,)], table
        assert PLANTED.encode() not in everything(tmp_path)
    assert PLANTED not in caplog.text
    assert PLANTED.encode() not in everything(tmp_path)


async def test_an_erased_chat_leaves_the_report_unless_it_is_meant_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        reference = await told(house)
        done = await erasing.chat(
            house.store, Chat("web", "child"), with_reports=False, now=house.clock(), who=WHO
        )
        assert done == erasing.Erased(left=1)
        assert await house.store.run(lambda tx: words_of(tx, reference))
        assert (
            await erasing.chat(
                house.store, Chat("web", "child"), with_reports=False, now=house.clock(), who=WHO
            )
            is None
        )
        assert await erasing.report(house.store, reference, now=house.clock(), who=WHO) is True
        assert await house.store.run(lambda tx: words_of(tx, reference)) == []
        assert await erasing.report(house.store, reference, now=house.clock(), who=WHO) is False
        assert await erasing.report(house.store, "BBB-BBB", now=house.clock(), who=WHO) is None


async def test_a_draft_and_an_error_go_with_their_chat(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("child")
        await house.say("child", WORDS)
        chat = house.raw("SELECT id FROM chats")[0][0]
        now = house.clock()
        await house.store.run(
            lambda tx: incidents.add(
                tx, id="i1", kind="x", chat_id=chat, event=b"{}", now=now, expires_at=now + DAY
            )
        )
        done = await erasing.chat(
            house.store, Chat("web", "child"), with_reports=False, now=now, who=WHO
        )
        assert done == erasing.Erased(drafts=1)
        for table in ("incidents", "reports", "timers", "data_keys"):
            assert house.raw(f"SELECT count(*) FROM {table}") == [(0,)], table


async def test_a_hold_outlives_the_time_of_keeping_and_every_erasure(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        reference = await told(house)
        assert await erasing.hold(house.host, reference, end=False, who=WHO) == "held"
        assert await erasing.hold(house.host, reference, end=False, who=WHO) == "already"
        house.clock.move((house.host.house.retention_days + 1) * DAY_US)
        await workers.sweep(house.host)
        assert await house.store.run(lambda tx: words_of(tx, reference))
        assert await erasing.report(house.store, reference, now=house.clock(), who=WHO) is False
        done = await erasing.chat(
            house.store, Chat("web", "child"), with_reports=True, now=house.clock(), who=WHO
        )
        assert done == erasing.Erased(left=1)
        assert await erasing.hold(house.host, reference, end=True, who=WHO) == "ended"
        await workers.sweep(house.host)
        assert await house.store.run(lambda tx: words_of(tx, reference)) == []
        assert await erasing.hold(house.host, "BBB-BBB", end=False, who=WHO) == "gone"


async def test_what_is_held_is_not_taken_back_and_the_child_is_told_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        reference = await told(house)
        await erasing.hold(house.host, reference, end=False, who=WHO)
        for _ in range(8):
            shown = await house.say("child", "menu")
            if any("What I told" in choice.label for m in shown for choice in m.choices):
                break
            await house.say("child", "1")
        await house.say("child", "What I told")
        await house.say("child", "Take it back")
        said = await house.say("child", "Yes, take it back")
        assert "can't be taken back" in said[0].text
        assert await house.store.run(lambda tx: words_of(tx, reference))


async def test_every_deed_is_on_record_without_an_address(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        reference = await told(house, "a-secret-address")
        await erasing.hold(house.host, reference, end=False, who=WHO)
        house.clock.move(1)
        await erasing.hold(house.host, reference, end=True, who=WHO)
        house.clock.move(1)
        await erasing.report(house.store, reference, now=house.clock(), who=WHO)
        house.clock.move(1)
        where = Chat("web", "a-secret-address")
        await erasing.chat(house.store, where, with_reports=True, now=house.clock(), who=WHO)
        lines = house.raw("SELECT action, staff, detail FROM audits ORDER BY at, id")
        assert {line[0] for line in lines[:2]} == {"read at the console", "put a hold on it"}
        assert [line[0] for line in lines[2:]] == ["ended a hold", "erased", "erased a chat"]
        assert {line[1] for line in lines} == {WHO}
        assert "a-secret-address" not in str(lines)


def test_the_commands_ask_before_they_erase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert cli.main(["erase", "telegram", "4711"]) == 1
    assert "nothing was erased" in capsys.readouterr().out
    assert cli.main(["erase", "telegram", "4711", "--yes"]) == 1
    assert cli.main(["erase", "report", "BBB-BBB", "--yes"]) == 1
    assert "no such report" in capsys.readouterr().out
    assert cli.main(["reports", "hold", "BBB-BBB"]) == 1
