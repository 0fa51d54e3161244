"""What the desk shows, to whom, and what it writes down about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.messages import Words
from bot.store import reports
from bot.store.database import Tx
from bot.web import desk_terms
from tests.web.desk_scene import HOUR, MINUTE, desk_of, logged

PLANTED = "he will send my photo to everyone"


def order(html: str) -> list[str]:
    return re.findall(r'href="/desk/reports/[0-9a-f-]{36}">([A-Z0-9]{3}-[A-Z0-9]{3})<', html)


async def test_emergencies_come_first_then_urgent_then_age(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        told = []
        for level in ("concern", "urgent", "concern", "emergency", "urgent"):
            told.append(await scene.report("a", level=level))
            scene.now += MINUTE
        visitor = await scene.worker()
        html = (await visitor.get("/desk")).text
        wanted = [told[n].reference for n in (3, 1, 4, 0, 2)]
        assert order(html) == wanted
        assert html.count("Alarm: look now") == 1
        assert "<title>(1) Queue" in html


async def test_the_queue_shows_what_is_known_and_no_word_of_the_child(tmp_path: Path) -> None:
    async with desk_of(tmp_path, demo=True) as scene:
        filed = await scene.report(PLANTED, "and then", drill=True, channel="whatsapp")
        scene.now += 2 * HOUR + 5 * MINUTE
        visitor = await scene.worker(languages="ms en")
        html = (await visitor.get("/desk")).text
        row = html[html.index("<tbody") : html.index("</tbody>")]
        for part in (
            filed.reference, "Urgent", "Sexual extortion", "Self", "Tamil", "not one of yours",
            "WhatsApp", "2 h 5 min", "Not claimed", "2 new", "Drill", "Demo",
        ):  # fmt: skip
            assert part in row
        assert PLANTED not in html
        assert (await scene.row(filed)).read_at is None


async def test_the_first_reading_is_told_to_the_conversation_and_every_one_is_on_record(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report(PLANTED, level="emergency")
        assert not (await scene.case(filed)).read
        html = (await visitor.get(filed.path)).text
        assert PLANTED in html
        assert "New</span>" in html
        row = await scene.row(filed)
        assert row.read_at == scene.now
        assert (row.unread, row.alarmed_at) == (0, None)
        assert (await scene.case(filed)).read
        assert not await scene.run(lambda tx: reports.withdraw(tx, filed.case, now=scene.now))
        scene.now += MINUTE
        again = (await visitor.get(filed.path)).text
        assert PLANTED in again
        assert "New</span>" not in again
        assert await scene.audits(filed.case) == [("read", "")] * 2


async def test_a_new_line_is_marked_once_and_quiets_the_alarm(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("first")
        await visitor.get(filed.path)
        scene.now += MINUTE
        await scene.says(filed, "second")
        await scene.run(lambda tx: reports.alarm(tx, filed.case, now=scene.now))
        assert "1 new" in (await visitor.get("/desk")).text
        html = (await visitor.get(filed.path)).text
        assert html.index("first") < html.index("New</span>") < html.index("second")
        assert (await scene.row(filed)).alarmed_at is None


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"Sec-Fetch-Dest": "image"}],
)
async def test_what_no_person_looks_at_is_no_reading(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report(PLANTED)
        got = await visitor.client.get(filed.path, headers=headers)
        assert (got.status_code, got.text) == (204, "")
        assert (await visitor.client.head(filed.path)).status_code == 204
        assert (await scene.row(filed)).read_at is None
        assert await scene.audits(filed.case) == []


async def test_a_stranger_reads_nothing(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        filed = await scene.report(PLANTED)
        for path in ("/desk", filed.path, "/desk/audit", f"/desk/find?reference={filed.reference}"):
            got = await scene.visitor().get(path, Cookie="desk=1-guess")
            assert (got.status_code, got.headers["location"]) == (303, "/desk/sign-in")
            assert got.text == ""
        assert (await scene.row(filed)).read_at is None


async def test_words_are_text_in_their_own_language_and_an_address_is_no_link(
    tmp_path: Path,
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        text = '<script>alert(1)</script>\nhttps://bad.example/x?a="b"'
        filed = await scene.report("அவர் படத்தை அனுப்புவார்", text, "\u202eevil")
        html = (await visitor.get(filed.path)).text
        assert 'dir="auto" lang="ta" translate="no">அவர் படத்தை அனுப்புவார்</p>' in html
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert 'href="http' not in html
        warning = "Do not open. Pass the address to the police, MCMC or IWF."
        assert html.count(warning) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://x", True), ("see www.x", True), ("t.me/abc", True), ("bit.ly/2", True),
        ("hxxp example", True), ("evil[.]com", True), ("my-site.com.my", True),
        ("i am ok. me too", False), ("he is 12.5 years", False), ("உதவி", False), ("ok.bye", False),
        ("stop.comma", False),
    ],
)  # fmt: skip
def test_what_looks_like_an_address(text: str, found: bool) -> None:
    assert desk_terms.has_address(text) is found


@pytest.mark.parametrize(
    ("contact", "channel", "part"),
    [
        ("this_chat", "web", "A neutral line will be sent"),
        ("this_chat", "whatsapp", "for 24 hours"),
        ("child_will_return", "web", "will be shown when the child opens it"),
        ("none", "web", "No answer was wanted"),
    ],
)
async def test_the_page_says_how_an_answer_arrives(
    tmp_path: Path, contact: str, channel: str, part: str
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x", contact=contact, channel=channel)
        await visitor.post(f"{filed.path}/claim")
        html = (await visitor.get(filed.path)).text
        assert part in html
        assert "The phone may be shared" in html


async def test_reasons_and_facts_are_shown(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report(
            "x", safe_now="no", where_now="Jalan Ipoh", state="MY-14", device="others_too"
        )
        html = (await visitor.get(filed.path)).text
        for part in (
            "threat to share a picture", "0.93", "Jalan Ipoh", "Kuala Lumpur", "Others use it too",
            "13-17", "Given",
        ):  # fmt: skip
            assert part in html
        assert '<div class="bad"><dt>Safe now</dt><dd>No</dd>' in html
        danger = "Not safe now, it was said. Help should come to: Jalan Ipoh"
        assert html.index(danger) < html.index("What was written")


async def test_a_draft_and_what_is_not_there_look_the_same(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        case, line, now = scene.id(), scene.id(), scene.now

        def draft(tx: Tx) -> None:
            reports.draft(tx, id=case, chat_id="c", now=now, expires_at=now + HOUR)
            reports.add_words(
                tx, id=line, case=case, now=now, text=Words(PLANTED), language=None, sender="child"
            )

        await scene.run(draft)
        seen = [await visitor.get(f"/desk/reports/{x}") for x in (case, scene.id(), "../x", "A")]
        assert {got.status_code for got in seen} == {404}
        assert len({got.text for got in seen[:2]}) == 1
        assert (await visitor.post(f"/desk/reports/{case}/claim")).status_code == 404
        assert await scene.audits(case) == []
        lines = await scene.run(lambda tx: reports.words(tx, case))
        assert [found.read_at for found in lines] == [None]


async def test_a_report_that_was_taken_back_has_no_words(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report(PLANTED)
        assert await scene.run(lambda tx: reports.withdraw(tx, filed.case, now=scene.now))
        html = (await visitor.get(filed.path)).text
        assert "taken back before anybody had read it" in html
        assert PLANTED not in html
        assert filed.reference not in (await visitor.get("/desk")).text


async def test_a_damaged_report_does_not_hide_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        bad, good = await scene.report("x"), await scene.report("y")
        await scene.run(
            lambda tx: tx.execute("report_amend", case_id=bad.case, facts="1.x.AAAA", urgency=None)
        )
        html = (await visitor.get("/desk")).text
        assert bad.reference in html
        assert good.reference in html
        assert (await visitor.get(bad.path)).status_code == 500
        assert bad.case in logged(caplog)


async def test_a_report_is_found_by_its_reference(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("x")
        typed = filed.reference.lower().replace("-", " ")
        got = await visitor.get(f"/desk/find?reference={typed}")
        assert got.headers["location"] == filed.path
        got = await visitor.get("/desk/find?reference=//evil.test")
        assert got.headers["location"] == "/desk?said=not_found"


async def test_the_audit_is_for_supervisors_and_holds_no_words(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        worker = await scene.worker("aminah")
        boss = await scene.worker("bala", role="supervisor")
        filed = await scene.report(PLANTED)
        await worker.post(f"{filed.path}/claim")
        await worker.reply(filed, "a secret answer")
        html = (await boss.get("/desk/audit")).text
        for part in ("aminah", "claimed", "answered", "read", filed.reference):
            assert part in html
        assert PLANTED not in html
        assert "secret" not in html
        assert (await worker.get("/desk/audit")).status_code == 404
        assert "/desk/audit" not in (await worker.get("/desk")).text


async def test_no_word_stands_in_the_log_or_in_clear_in_the_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report(PLANTED)
        await visitor.post(f"{filed.path}/claim")
        await visitor.reply(filed, "a planted answer")
        assert PLANTED in (await visitor.get(filed.path)).text
    log = logged(caplog)
    assert "/desk" in log
    for path in tmp_path.iterdir():
        assert PLANTED.encode() not in path.read_bytes()
        assert b"planted answer" not in path.read_bytes()
    assert PLANTED not in log
    assert "planted answer" not in log


async def test_among_equals_a_worker_sees_first_what_they_can_read(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        first = await scene.report("x", language="zh")
        second = await scene.report("x", language="ta")
        grave = await scene.report("x", language="zh", level="emergency")
        html = (await (await scene.worker(languages="ta en")).get("/desk")).text
        order = sorted((grave, second, first), key=lambda filed: html.index(filed.path))
        assert order == [grave, second, first]
        html = (await (await scene.worker("bala", languages="zh")).get("/desk")).text
        assert html.index(first.path) < html.index(second.path)
