"""Claim, release, answer, close: who may, what is written together, and that twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.host import shift
from tests.web.desk_scene import MINUTE, Scene, desk_of, logged, together

ANSWER = "நீங்கள் சொன்னது சரி.\nநாளை பேசலாம்."


async def test_a_claim_is_one_persons_and_the_conversation_hears_of_it(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        first, second = await scene.worker("aminah"), await scene.worker("bala")
        filed = await scene.report("x")
        sent = await together(*(visitor.post(f"{filed.path}/claim") for visitor in (first, second)))
        said = sorted(answer.headers["location"].partition("said=")[2] for answer in sent)
        assert said == ["claimed", "held"]
        assert (await scene.case(filed)).status == "taken"
        assert [action for action, _ in await scene.audits(filed.case)] == ["claimed"]
        html = (await first.get("/desk")).text + (await second.get("/desk")).text
        assert "With you" in html
        assert "With aminah" in html or "With bala" in html


async def test_only_the_holder_or_a_supervisor_may_answer_close_and_release(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        holder, other = await scene.worker("aminah"), await scene.worker("bala")
        boss = await scene.worker("chong", role="supervisor")
        filed = await scene.report("x")
        await holder.post(f"{filed.path}/claim")
        assert 'name="once"' not in (await other.get(filed.path)).text
        sent = await other.reply(filed, "no", once=scene.id())
        assert sent.status_code == 409
        assert "Claim the report first" in sent.text
        for deed in ("release", "close"):
            answer = await other.post(f"{filed.path}/{deed}", reason="safe")
            assert answer.headers["location"].endswith("said=not_yours")
        row = await scene.row(filed)
        assert (row.status, row.taken_by is not None) == ("taken", True)
        assert [line.sender for line in await scene.lines(filed)] == ["child"]
        assert (await boss.reply(filed, "from the supervisor")).status_code == 303
        assert (await boss.post(f"{filed.path}/close", reason="safe")).status_code == 303
        assert (await scene.row(filed)).status == "closed"


async def test_an_answer_is_kept_and_the_chat_is_told_by_a_neutral_line(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x", contact="this_chat", push=True, device="only_me")
        await visitor.post(f"{filed.path}/claim")
        sent = await visitor.reply(filed, "  " + ANSWER.replace("\n", "\r\n") + "\r\n")
        assert sent.headers["location"] == f"{filed.path}?said=answered"
        line = next(line for line in await scene.lines(filed) if line.sender == "worker")
        assert (line.text.reveal(), line.sender, line.language) == (ANSWER, "worker", "ta")
        assert line.shown_at is None
        assert (await scene.case(filed)).unread == 1
        told = await scene.waiting(filed)
        assert len(told) == 1
        assert ANSWER not in told[0]
        html = (await visitor.get(filed.path)).text
        assert "Not shown yet" in html
        assert "<b>You</b>" in html


async def test_the_child_opens_the_answer_and_the_desk_sees_that_it_was_shown(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x", contact="this_chat", push=True, device="only_me")
        await visitor.post(f"{filed.path}/claim")
        await visitor.reply(filed, ANSWER)
        scene.now += MINUTE
        await scene.receive(filed, "open")
        assert any(ANSWER in text for text in await scene.waiting(filed))
        line = next(line for line in await scene.lines(filed) if line.sender == "worker")
        assert line.shown_at == scene.now
        assert "Shown in the chat" in (await visitor.get(filed.path)).text


async def test_where_nothing_may_be_sent_the_answer_waits_in_silence(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x", contact="child_will_return", device="others_too")
        await visitor.post(f"{filed.path}/claim")
        assert (await visitor.reply(filed, ANSWER)).status_code == 303
        assert await scene.waiting(filed) == []
        assert (await scene.case(filed)).unread == 1


async def test_a_form_posted_twice_is_one_answer(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x", contact="this_chat", push=True, device="only_me")
        await visitor.post(f"{filed.path}/claim")
        once = await visitor.once(filed.path)
        sent = await together(*(visitor.reply(filed, ANSWER, once) for _ in range(5)))
        assert {answer.headers["location"] for answer in sent} == {f"{filed.path}?said=answered"}
        assert sorted(line.sender for line in await scene.lines(filed)) == ["child", "worker"]
        assert (await scene.case(filed)).unread == 1
        assert len(await scene.waiting(filed)) == 1
        assert [a for a, _ in await scene.audits(filed.case)].count("answered") == 1
        assert await visitor.once(filed.path) != once


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 4097])
async def test_an_answer_that_will_not_do_comes_back_into_the_form(
    tmp_path: Path, text: str
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        sent = await visitor.reply(filed, text)
        assert sent.status_code == 400
        assert f">{text.strip()}</textarea>" in sent.text
        assert len(await scene.lines(filed)) == 1
        longest = await visitor.reply(filed, "நீ" * 2048)
        assert longest.status_code == 303


async def test_a_reply_without_the_forms_id_is_refused(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        sent = await visitor.post(f"{filed.path}/reply", text="x", once="1")
        assert sent.status_code == 400


async def test_a_store_that_does_not_answer_loses_no_typed_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        once = await visitor.once(filed.path)

        async def full(*_: object, **__: object) -> None:
            raise StoreUnavailable("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(scene.host, "happened", full)
            sent = await visitor.reply(filed, "typed <b>with care</b>", once)
            claimed = await visitor.post(f"{filed.path}/claim")
        assert (sent.status_code, claimed.status_code) == (503, 503)
        assert "typed &lt;b&gt;with care&lt;/b&gt;</textarea>" in sent.text
        assert once in sent.text
        assert "Nothing was changed" in claimed.text
        assert (await visitor.reply(filed, "typed", once)).status_code == 303


async def test_a_conversation_that_raises_keeps_nobody_from_the_report(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("a planted sentence")
        await scene.run(
            lambda tx: tx.execute(
                "chat_save", state="1.x.AAAA", numbers=0, now=scene.now, id=filed.chat_id
            )
        )
        assert "a planted sentence" in (await visitor.get(filed.path)).text
        await visitor.post(f"{filed.path}/claim")
        row = await scene.row(filed)
        assert (row.read_at, row.status) == (scene.now, "taken")
        sent = await visitor.reply(filed, "an answer that is lost")
        assert sent.status_code == 409
        assert "It was not kept" in sent.text
        assert "an answer that is lost</textarea>" in sent.text
        assert len(await scene.lines(filed)) == 1
        await visitor.post(f"{filed.path}/close", reason="welfare")
        assert (await scene.row(filed)).status == "closed"
        assert "planted" not in logged(caplog)
        assert "Unreadable" in logged(caplog)


async def test_an_erased_chat_takes_no_answer_and_the_desk_says_so(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await scene.run(lambda tx: tx.execute("chat_delete", id=filed.chat_id))
        assert (await visitor.get(filed.path)).status_code == 200
        await visitor.post(f"{filed.path}/claim")
        assert (await visitor.reply(filed, "x")).status_code == 409
        assert (await scene.row(filed)).status == "taken"


async def test_closing_needs_a_reason_and_ends_the_report(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        sent = await visitor.post(f"{filed.path}/close", reason="because I say so")
        assert sent.headers["location"].endswith("said=no_reason")
        once = await visitor.once(filed.path)
        sent = await visitor.post(f"{filed.path}/close", reason="police")
        assert sent.headers["location"].endswith("said=done_closed")
        assert (await scene.case(filed)).status == "closed"
        assert ("closed", "police") in await scene.audits(filed.case)
        assert filed.reference not in (await visitor.get("/desk")).text
        html = (await visitor.get(filed.path)).text
        assert "Closed" in html
        assert "<textarea" not in html
        late = await visitor.reply(filed, "too late", once)
        assert late.status_code == 409
        for deed in ("claim", "release"):
            answer = await visitor.post(f"{filed.path}/{deed}")
            assert answer.headers["location"].endswith("said=closed")


async def test_releasing_one_report_keeps_the_others(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        boss = await scene.worker("chong", role="supervisor")
        kept, given = await scene.report("x"), await scene.report("y")
        for filed in (kept, given):
            await visitor.post(f"{filed.path}/claim")
        await boss.post(f"{given.path}/release")
        assert (await scene.row(given)).taken_by is None
        assert (await scene.row(kept)).taken_by is not None
        assert ("released", "") in await scene.audits(given.case)


async def test_shifts_can_be_ended_by_a_worker_of_the_server(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        await visitor.post(f"{filed.path}/claim")
        assert await _ended(scene) == 0
        scene.now += 31 * MINUTE
        assert await _ended(scene) == 1
        assert await _ended(scene) == 0
        assert (await scene.row(filed)).taken_by is None


async def _ended(scene: Scene) -> int:
    ended: int = await scene.run(lambda tx: shift.end_overdue(tx, now=scene.now, ids=scene.ids))
    return ended
