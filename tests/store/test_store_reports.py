"""Cases on both databases: draft, report, the words in it, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.errors import Unreadable
from bot.messages import Words
from bot.store import keys, reports
from bot.store.database import Tx

Fn = Callable[[Tx], Any]
Run = Callable[[Fn], Any]

FACTS = b'{"id": "case"}'


def draft(tx: Tx, case: str = "k1", *, now: int = 1, expires_at: int = 100) -> None:
    reports.draft(tx, id=case, chat_id="c1", now=now, expires_at=expires_at)


def say(
    tx: Tx, id: str, *, case: str = "k1", now: int = 2, sender: reports.Sender = "child"
) -> bool:
    text = Words(f"planted {id}")
    return reports.add_words(
        tx, id=id, case=case, now=now, text=text, language="ta", sender=sender, staff=None
    )


def send(tx: Tx, case: str = "k1", *, urgency: reports.Urgency = "urgent", now: int = 5) -> bool:
    return reports.send(
        tx,
        case,
        now=now,
        facts=FACTS,
        urgency=urgency,
        language="ta",
        drill=False,
        reference=f"REF-{case}",
        channel="web",
        due_at=50,
    )


def status(tx: Tx, case: str = "k1") -> str:
    report = reports.get(tx, case)
    assert report is not None
    return report.row.status


def keyless(tx: Tx, case: str = "k1") -> bool:
    with pytest.raises(Unreadable):
        keys.get(tx, case)
    return True


def sent_report(tx: Tx) -> None:
    draft(tx)
    say(tx, "l1")
    send(tx)


def test_a_draft_keeps_words_and_is_dropped_with_them(run: Run) -> None:
    run(draft)
    assert run(lambda tx: say(tx, "l2", now=3))
    assert run(lambda tx: say(tx, "l1", now=2))
    assert run(lambda tx: say(tx, "l1", now=9))
    first, second = run(lambda tx: reports.words(tx, "k1"))
    assert (first.id, first.at, first.text, first.language) == ("l1", 2, Words("planted l1"), "ta")
    assert second.id == "l2"
    assert "planted" not in repr(first)
    assert run(reports.queue) == []
    assert run(lambda tx: reports.drop(tx, "k1"))
    assert run(keyless)
    assert run(lambda tx: reports.get(tx, "k1")) is None
    assert run(lambda tx: reports.words(tx, "k1")) == []
    assert not run(lambda tx: say(tx, "l3"))
    assert not run(lambda tx: reports.drop(tx, "k1"))


def test_drafts_run_out_and_reports_do_not(run: Run) -> None:
    run(lambda tx: draft(tx, "k1", expires_at=10))
    run(lambda tx: draft(tx, "k2", expires_at=20))
    run(lambda tx: draft(tx, "k3", expires_at=5))
    run(lambda tx: send(tx, "k3"))
    assert [row.case for row in run(lambda tx: reports.overdue_drafts(tx, now=10))] == ["k1"]


def test_a_report_is_sent_once(run: Run) -> None:
    run(draft)
    run(lambda tx: say(tx, "l1"))
    assert run(send)
    assert not run(send)
    assert not run(lambda tx: send(tx, "nothing"))
    assert not run(lambda tx: reports.drop(tx, "k1"))
    report = run(lambda tx: reports.by_reference(tx, "REF-k1"))
    assert report.facts == FACTS
    assert "facts" not in repr(report)
    row = report.row
    assert (row.status, row.urgency, row.drill, row.unread, row.expires_at, row.due_at) == (
        "sent",
        "urgent",
        False,
        1,
        None,
        50,
    )
    assert run(lambda tx: reports.by_reference(tx, "REF-xx")) is None


def test_facts_are_amended_while_it_is_open(run: Run) -> None:
    run(draft)
    assert not run(lambda tx: reports.amend(tx, "k1", facts=b"{}"))
    run(send)
    assert run(lambda tx: reports.amend(tx, "k1", facts=b"{}"))
    assert run(lambda tx: reports.get(tx, "k1")).facts == b"{}"
    run(lambda tx: reports.close(tx, "k1", now=9, staff="A"))
    assert not run(lambda tx: reports.amend(tx, "k1", facts=b"x"))


def test_one_person_takes_it_and_the_shift_ends(run: Run) -> None:
    run(sent_report)
    assert run(lambda tx: reports.received(tx, "k1", now=6))
    assert not run(lambda tx: reports.received(tx, "k1", now=7))
    assert run(status) == "received"
    assert run(lambda tx: reports.take(tx, "k1", staff="A", now=8))
    assert run(lambda tx: reports.take(tx, "k1", staff="A", now=9))
    assert not run(lambda tx: reports.take(tx, "k1", staff="B", now=9))
    assert run(lambda tx: reports.wait(tx, "k1"))
    assert run(status) == "waiting"
    assert run(lambda tx: reports.release(tx, staff="B")) == 0
    assert run(lambda tx: reports.release(tx, staff="A")) == 1
    assert run(lambda tx: reports.take(tx, "k1", staff="B", now=10))
    row = run(lambda tx: reports.get(tx, "k1")).row
    assert (row.status, row.taken_by, row.taken_at, row.received_at) == ("taken", "B", 10, 6)


def test_reading_quiets_the_alarm_and_is_first_once(run: Run) -> None:
    run(sent_report)
    assert run(lambda tx: reports.alarm(tx, "k1", now=6))
    assert run(lambda tx: reports.get(tx, "k1")).row.alarmed_at == 6
    assert run(lambda tx: reports.mark_read(tx, "k1", now=7))
    run(lambda tx: say(tx, "l2", now=8))
    run(lambda tx: reports.alarm(tx, "k1", now=8))
    assert run(lambda tx: reports.get(tx, "k1")).row.unread == 1
    assert not run(lambda tx: reports.mark_read(tx, "k1", now=9))
    row = run(lambda tx: reports.get(tx, "k1")).row
    assert (row.alarmed_at, row.unread, row.read_at) == (None, 0, 7)
    assert [line.read_at for line in run(lambda tx: reports.words(tx, "k1"))] == [7, 9]


def test_a_draft_is_not_read_and_not_alarmed(run: Run) -> None:
    run(draft)
    assert not run(lambda tx: reports.mark_read(tx, "k1", now=7))
    assert not run(lambda tx: reports.alarm(tx, "k1", now=7))
    assert not run(lambda tx: reports.take(tx, "k1", staff="A", now=7))
    assert not run(lambda tx: reports.withdraw(tx, "k1", now=7))


def test_taken_back_until_somebody_has_read_it(run: Run) -> None:
    run(sent_report)
    run(lambda tx: reports.take(tx, "k1", staff="A", now=6))
    assert run(lambda tx: reports.withdraw(tx, "k1", now=7))
    assert run(keyless)
    report = run(lambda tx: reports.get(tx, "k1"))
    assert (report.row.status, report.facts) == ("withdrawn", None)
    assert run(lambda tx: reports.words(tx, "k1")) == []
    assert not run(lambda tx: say(tx, "l9"))
    assert not run(lambda tx: reports.mark_read(tx, "k1", now=9))
    assert run(reports.queue) == []


def test_not_taken_back_once_it_is_read(run: Run) -> None:
    run(sent_report)
    run(lambda tx: reports.mark_read(tx, "k1", now=6))
    assert not run(lambda tx: reports.withdraw(tx, "k1", now=7))
    assert len(run(lambda tx: reports.words(tx, "k1"))) == 1


def test_the_workers_lines_wait_until_they_are_shown(run: Run) -> None:
    run(sent_report)
    run(lambda tx: say(tx, "w1", now=6, sender="worker"))
    run(lambda tx: say(tx, "w2", now=7, sender="worker"))
    assert [line.id for line in run(lambda tx: reports.unshown(tx, "k1"))] == ["w1", "w2"]
    assert run(lambda tx: reports.get(tx, "k1")).row.unread == 1
    assert run(lambda tx: reports.shown(tx, "k1", now=8)) == 2
    assert run(lambda tx: reports.unshown(tx, "k1")) == []
    assert run(lambda tx: reports.words(tx, "k1"))[2].shown_at == 8


def test_the_queue_goes_by_urgency_then_age(run: Run) -> None:
    orders: list[tuple[str, reports.Urgency]] = [
        ("a", "concern"),
        ("b", "urgent"),
        ("c", "emergency"),
        ("d", "urgent"),
        ("e", "emergency"),
        ("f", "concern"),
        ("g", "concern"),
    ]
    for number, (case, urgency) in enumerate(orders):
        run(partial(draft, case=case, now=number))
        run(partial(send, case=case, urgency=urgency))
    run(lambda tx: reports.alarm(tx, "f", now=9))
    run(lambda tx: reports.close(tx, "g", now=9, staff="A"))
    run(lambda tx: draft(tx, "z"))
    assert [row.case for row in run(reports.queue)] == ["c", "e", "f", "b", "d", "a"]


def test_closed_and_erased(run: Run) -> None:
    run(sent_report)
    assert run(lambda tx: reports.close(tx, "k1", now=9, staff="A"))
    assert not run(lambda tx: reports.close(tx, "k1", now=9, staff="B"))
    assert run(lambda tx: reports.get(tx, "k1")).row.closed_by == "A"
    assert not run(lambda tx: say(tx, "l9"))
    assert run(lambda tx: reports.erase(tx, "k1", now=20))
    assert not run(lambda tx: reports.erase(tx, "k1", now=21))
    report = run(lambda tx: reports.get(tx, "k1"))
    assert (report.row.status, report.facts, report.row.closed_at) == ("erased", None, 9)
    assert run(keyless)


def test_words_with_an_erased_key_are_unreadable(run: Run) -> None:
    run(sent_report)
    run(lambda tx: keys.erase(tx, "k1"))
    reads: list[Callable[..., object]] = [reports.words, reports.get]
    for read in reads:
        with pytest.raises(Unreadable) as caught:
            run(partial(read, case="k1"))
        assert "planted" not in str(caught.value)


def test_words_that_no_text_should_hold_come_back(run: Run) -> None:
    run(draft)
    odd = Words("\ud800 \u200b \u202e \x01" + "க்ஷ" * 4_000)
    run(
        lambda tx: reports.add_words(
            tx, id="l1", case="k1", now=2, text=odd, language=None, sender="child"
        )
    )
    assert run(lambda tx: reports.words(tx, "k1"))[0].text == odd
