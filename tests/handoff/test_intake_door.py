"""What an intake says to the bot: only what it signed, once, and only after it is on disk."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import deliveries, incidents, reports
from bot.web import intake
from bot.web.trouble import Refused
from tests.conversation.said import THREAT
from tests.conversation.talk import text
from tests.handoff.door_scene import Door, door
from tests.web import web_scene

PLANTED = "planted-sentence-2m we are here"
UNKNOWN = "01997b00-0000-7000-8000-000000000001"


async def row(desk: Door, case: str) -> reports.ReportRow:
    found = await desk.scene.run(lambda tx: reports.get(tx, case))
    assert found is not None
    return found.row


async def test_an_answer_reaches_the_child_in_the_chat(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        child, case = await desk.told()
        assert (await row(desk, case)).status == "received"
        assert (await desk.scene.run(deliveries.counts))[("report", "done")] == 1
        assert (await desk.answer(case, PLANTED, language="en")).status_code == 202
        await child.read()
        assert child.said == text("en", "relay.neutral")
        await child.say("open")
        assert PLANTED in child.said
        found = await row(desk, case)
        assert (found.status, found.taken_by) == ("taken", reports.ELSEWHERE)
        assert found.read_at is not None


async def test_where_the_report_stands_is_told_when_the_child_asks(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        child, case = await desk.told()
        while child.choices and child.choices[-1]["token"].endswith(".skip"):
            await child.tap("skip")
        await child.tap("what_now")
        assert "Nobody has read it yet" in child.said
        waiting = await web_scene.waits(desk.scene, child)
        assert (await desk.status(case, "taken")).status_code == 202
        assert await web_scene.waits(desk.scene, child) == waiting, "nothing is pushed"
        await child.tap("what_now")
        assert text("en", "report.status_read") in child.said
        await child.tap("take_back")
        await child.tap("yes")
        assert text("en", "report.too_late") in child.said
        for status in ("waiting", "closed"):
            assert (await desk.status(case, status, reason="a long one")).status_code == 202
        assert (await row(desk, case)).status == "closed"
        assert (await desk.answer(case)).status_code == 410
        assert (await desk.status(case, "taken")).status_code == 410
        await child.tap("what_now")
        assert text("en", "report.status_closed") in child.said


async def test_what_is_not_signed_for_this_very_call_is_refused(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        child, case = await desk.told()
        path, other = f"/intake/reports/{case}/messages", f"/intake/reports/{UNKNOWN}/messages"
        raw = json.dumps(desk.body(text=PLANTED)).encode()
        now = desk.scene.now // 1_000_000
        right = desk.fake.signed(path, raw)
        stranger = type(desk.fake)(lambda: desk.scene.now, "another secret").signed(path, raw)
        wrong: list[dict[str, str]] = [
            {}, stranger, desk.fake.signed(other, raw), desk.fake.signed(path, raw + b" "),
            desk.fake.signed(path.replace("/intake", ""), raw),
            desk.fake.signed(path, raw, now_s=now - 301),
            desk.fake.signed(path, raw, now_s=now + 301),
            right | {"X-Teman-Timestamp": str(now + 1)},
            right | {"X-Teman-Signature": "sha1=" + "0" * 40},
        ]  # fmt: skip
        for headers in wrong:
            answer = await desk.call(path, raw, headers=headers)
            assert answer.status_code == 401, headers
            assert answer.headers["content-type"] == "application/json"
            assert "help" not in answer.json()
        assert await child.read() == []
        assert (await desk.call(path, raw, headers=right)).status_code == 202


async def test_an_id_is_taken_once_whatever_it_comes_with(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        child, case = await desk.told()
        body = desk.body(text=PLANTED)
        path = f"/intake/reports/{case}/messages"
        both = await asyncio.gather(desk.call(path, body), desk.call(path, body))
        assert sorted(answer.status_code for answer in both) == [202, 409]
        changed = body | {"text": "other words", "id": body["id"].upper()}
        assert (await desk.call(path, changed)).status_code == 409
        again = body | {"status": "closed"}
        assert (await desk.call(f"/intake/reports/{case}/status", again)).status_code == 409
        await child.read()
        await child.say("open")
        assert child.said.count(PLANTED) == 1
        assert "other words" not in child.said


async def test_the_bot_s_own_calls_played_back_are_no_answer(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        child, case = await desk.told()
        line = (await desk.scene.run(lambda tx: reports.words(tx, case)))[0]
        for id in (line.id, case):
            body = desk.body(text=THREAT["en"]) | {"id": id}
            assert (await desk.call(f"/intake/reports/{case}/messages", body)).status_code == 409
        assert await child.read() == []


async def test_what_is_no_report_and_what_is_no_message(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        _, case = await desk.told()
        for unknown in (UNKNOWN, "1", "x" * 300, "%00", "%F0%9F%90%B1", "..;"):
            assert (await desk.answer(unknown)).status_code == 404, unknown
            assert (await desk.status(unknown, "taken")).status_code == 404, unknown
        path = f"/intake/reports/{case}/messages"
        good = desk.body(text="x")
        bad: list[Any] = [
            b"", b"\xff", b"[]", b"null", b"[" * 5000, good | {"text": 5}, good | {"text": "  "},
            good | {"text": "x" * 4097}, good | {"language": "fr"}, good | {"id": "1"},
            good | {"at": "yesterday"}, good | {"at": "2026-11-18T10:00:00"},
            {"id": good["id"], "text": "x"},
        ]  # fmt: skip
        for body in bad:
            assert (await desk.call(path, body)).status_code == 422, body
        assert (await desk.status(case, "eaten")).status_code == 422
        assert (await desk.call(path, b"x" * 70_000)).status_code == 413
        assert (await desk.call(path, good | {"text": "x" * 4096, "more": 1})).status_code == 202


async def test_a_draft_a_withdrawn_and_an_erased_report(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        child = await web_scene.Child(desk.scene).onboard()
        await child.say(THREAT["en"])
        case = desk.scene
        draft = await case.run(lambda tx: tx.all("reports_overdue", now=10**17))
        assert (await desk.answer(draft[0]["case_id"])).status_code == 404
        _, other = await desk.told()
        await case.run(lambda tx: reports.erase(tx, other, now=5))
        assert (await desk.answer(other)).status_code == 410
        assert (await desk.status(other, "received")).status_code == 410


async def test_a_store_that_fails_and_a_chat_that_cannot_be_read(tmp_path: Path) -> None:
    async with door(tmp_path) as desk:
        _, case = await desk.told()
        desk.scene.store.down = True
        answer = await desk.answer(case)
        assert answer.status_code == 503
        assert "help" not in answer.json()
        assert answer.headers["retry-after"]
        desk.scene.store.down = False
        await desk.scene.run(damage)
        assert (await desk.answer(case)).status_code == 503
        assert [x.sender for x in await desk.scene.run(lambda tx: reports.words(tx, case))] == [
            "child"
        ]
        assert (await desk.status(case, "taken")).status_code == 202
        assert (await row(desk, case)).status == "taken"
        assert await desk.scene.run(incidents.count) == 0


def damage(tx: Any) -> None:
    chat = tx.all("reports_overdue", now=10**17) or tx.all("report_queue")
    tx.execute("chat_save", id=chat[0]["chat_id"], state="1.x.AAAA", numbers=0, now=1)


async def test_without_an_intake_elsewhere_there_is_no_door(tmp_path: Path) -> None:
    async with web_scene.door(tmp_path) as scene, scene.client() as client:
        for path in (f"/intake/reports/{UNKNOWN}/messages", "/intake/", "/metrics"):
            assert (await client.post(path, content=b"{}")).status_code == 404


async def test_no_word_stands_in_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with door(tmp_path) as desk:
        _, case = await desk.told()
        await desk.answer(case, PLANTED)
        await desk.scene.run(damage)
        await desk.answer(case, PLANTED)
        assert caplog.records
        assert PLANTED not in caplog.text
        assert THREAT["en"] not in caplog.text


@given(st.binary() | st.text().map(str.encode) | st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_any_body_is_read_or_refused(body: bytes) -> None:
    for kind in (intake.Answered, intake.Stands):
        try:
            said: object = intake.parsed(body, kind)
        except Refused as error:
            said = error.status
        assert said == 422 or isinstance(said, kind)


@given(
    id=st.uuids().map(str), text=st.text(max_size=4096), at=st.datetimes(timezones=st.timezones())
)
def test_every_message_of_the_contract_is_read(id: str, text: str, at: Any) -> None:
    body = json.dumps({"id": id, "at": at.isoformat()[:32], "text": text, "language": None})
    try:
        said = intake.parsed(body.encode(), intake.Answered)
    except Refused:
        # Zones of old had offsets with seconds, which RFC 3339 does not know.
        assert at.utcoffset().total_seconds() % 60 or at.year < 1900
    else:
        assert (said.id, said.text) == (id, text)
