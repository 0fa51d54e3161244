"""Deliveries on both databases: order within a case, leases, what ends a row and what it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.errors import Unreadable
from bot.messages import Words
from bot.store import deliveries, reports
from bot.store.database import Tx

Fn = Callable[[Tx], Any]
Run = Callable[[Fn], Any]
RunAll = Callable[[list[Fn]], list[Any]]


def sent(tx: Tx, case: str = "k1", *, urgency: reports.Urgency = "urgent", now: int = 5) -> None:
    """A report that is handed over, with a line that went with it and a row to deliver."""
    reports.draft(tx, id=case, chat_id=f"chat {case}", now=1, expires_at=100)
    say(tx, f"{case} first", case)
    reports.send(
        tx, case, now=now, facts=b"{}", urgency=urgency, language="ta", drill=False,
        reference=f"REF-{case}".upper(), channel="web", due_at=now,
    )  # fmt: skip
    deliveries.add_report(tx, case, now=now, due_at=now)


def say(tx: Tx, id: str, case: str = "k1") -> None:
    reports.add_words(
        tx, id=id, case=case, now=2, text=Words("planted"), language=None, sender="child"
    )


def message(tx: Tx, id: str, case: str = "k1", *, part: int = 0) -> None:
    deliveries.add_message(tx, id, case, line=f"line of {id}", part=part, now=6)


def claim(tx: Tx, *, now: int = 10, limit: int = 9, lease_us: int = 100) -> list[str]:
    return [parcel.id for parcel in deliveries.claim(tx, now=now, limit=limit, lease_us=lease_us)]


def test_a_case_is_delivered_one_by_one_in_its_order(run: Run) -> None:
    run(sent)
    for id in ("m2", "m1"):
        run(partial(message, id=id))
    for expected in ("k1", "m2", "m1"):
        assert run(claim) == [expected]
        assert run(claim) == [], "it is under way"
        run(partial(deliveries.done, id=expected, now=11))
    assert run(partial(claim, now=10**6)) == []
    assert run(deliveries.counts) == {("message", "done"): 2, ("report", "done"): 1}
    assert run(lambda tx: deliveries.lines_apart(tx, "k1")) == {"line of m1", "line of m2"}


def test_emergencies_go_first_and_cases_do_not_wait_for_each_other(run: Run) -> None:
    run(partial(sent, case="k1"))
    run(partial(sent, case="k2", urgency="emergency", now=6))
    assert run(claim) == ["k2", "k1"]


def test_a_lease_that_ran_out_gives_the_row_out_again(run: Run) -> None:
    run(sent)
    assert run(claim) == ["k1"]
    assert run(partial(claim, now=109)) == []
    assert run(partial(claim, now=110)) == ["k1"]
    assert run(lambda tx: deliveries.last_try(tx, "k1")) == 110
    run(partial(deliveries.later, id="k1", due_at=500, reason="503"))
    assert run(partial(claim, now=499)) == []
    run(partial(deliveries.hasten, case="k1", due_at=300))
    run(partial(deliveries.hasten, case="k1", due_at=400))
    assert run(partial(claim, now=300)) == ["k1"]


def test_what_is_begun_and_left_is_known(run: Run) -> None:
    run(sent)
    assert run(lambda tx: deliveries.begun(tx, "k1")) is False
    assert run(lambda tx: deliveries.begun(tx, "other")) is None
    assert run(lambda tx: deliveries.left(tx, "chat k1")) == frozenset()
    run(claim)
    assert run(lambda tx: deliveries.begun(tx, "k1")) is True
    assert run(lambda tx: deliveries.left(tx, "chat k1")) == {"k1"}
    assert run(lambda tx: deliveries.known(tx, "k1"))
    assert not run(lambda tx: deliveries.known(tx, "other"))


def test_a_refused_report_holds_its_messages_and_a_refused_message_does_not(run: Run) -> None:
    run(sent)
    for id in ("m1", "m2"):
        run(partial(message, id=id))
    run(claim)
    run(partial(deliveries.park, id="k1", reason="422"))
    assert run(partial(claim, now=10**6)) == []
    stuck = run(deliveries.stuck)
    assert [(row.reference, row.kind, row.reason) for row in stuck] == [("REF-K1", "report", "422")]
    run(partial(deliveries.stuck_alarmed, id="k1", now=9))
    assert run(deliveries.stuck)[0].alarmed_at == 9
    assert run(lambda tx: deliveries.retry(tx, "k1", now=20)) == 1
    assert run(partial(claim, now=20)) == ["k1"]
    run(partial(deliveries.done, id="k1", now=21))
    assert run(partial(claim, now=30)) == ["m1"]
    run(partial(deliveries.park, id="m1", reason="410"))
    assert run(partial(claim, now=40)) == ["m2"]


def test_the_wish_to_take_back_stops_the_rest_and_waits_for_a_call_under_way(run: Run) -> None:
    run(sent)
    run(message_and_note)
    run(claim)
    run(lambda tx: deliveries.add_withdraw(tx, "w", "k1", now=20))
    assert run(partial(claim, now=50)) == []
    assert run(partial(claim, now=110)) == ["w"]
    run(partial(deliveries.later, id="k1", due_at=0, reason="503"))
    run(partial(deliveries.park, id="k1", reason="401"))
    assert run(deliveries.counts) == {
        ("message", "cancelled"): 2, ("report", "cancelled"): 1, ("withdraw", "waiting"): 1,
    }  # fmt: skip
    with pytest.raises(Unreadable):
        run(lambda tx: deliveries.note(tx, parcel("n")))
    run(partial(reports.withdraw, case="k1", now=120))
    assert run(deliveries.counts) == {("withdraw", "waiting"): 1}


def message_and_note(tx: Tx) -> None:
    message(tx, "m1")
    deliveries.add_note(tx, "n", "k1", "state: MY-10", now=7)
    assert deliveries.note(tx, parcel("n")) == "state: MY-10"


def parcel(id: str) -> deliveries.Parcel:
    return deliveries.Parcel(id, "k1", "message", 0, 1, "urgent", None, 0)


def test_a_note_is_sealed(run: Run, store: Any) -> None:
    run(sent)
    run(message_and_note)
    assert "MY-10" not in str(run(lambda tx: tx.one("delivery_body", id="n")))


def test_late_reports_are_found_until_both_were_told(run: Run) -> None:
    run(partial(sent, case="k1", urgency="emergency", now=100))
    run(partial(sent, case="k2", now=100))
    late = partial(deliveries.late, emergencies_before=100, others_before=99)
    assert [row.case for row in run(late)] == ["k1"]
    assert run(deliveries.emergencies_out) == 1
    assert run(partial(deliveries.late_told, id="k1", now=5))
    assert not run(partial(deliveries.late_told, id="k1", now=6))
    run(partial(deliveries.late_alarmed, id="k1", now=7))
    assert run(late) == []
    run(partial(deliveries.park, id="k2", reason="422"))
    assert [row.case for row in run(late)] == ["k2"], "what was refused is late at once"
    run(partial(reports.received, case="k2", now=8))
    assert run(late) == []
    assert run(deliveries.oldest) == 100


def test_many_claim_at_once_and_nobody_gets_the_same(run: Run, run_all: RunAll) -> None:
    for number in range(12):
        run(partial(sent, case=f"c{number:02}"))
    found = run_all([partial(claim, limit=3) for _ in range(6)])
    ids = [id for batch in found for id in batch]
    assert len(ids) == len(set(ids))
    left = run(partial(claim, limit=12))
    assert len(ids) + len(left) == 12


def test_names_of_a_report(run: Run) -> None:
    run(sent)
    assert run(lambda tx: reports.case_of(tx, "ref-k1")) == "k1"
    assert run(lambda tx: reports.case_of(tx, "K1")) == "k1"
    assert run(lambda tx: reports.case_of(tx, "")) is None
    assert run(lambda tx: reports.status(tx, "k1")) == "sent"
    assert run(lambda tx: reports.line_known(tx, "k1 first"))
    assert run(reports.open_counts) == {"urgent": 1}
    assert not run(partial(reports.drill_received_since, since=0))


def test_an_id_is_added_once(run: Run, loop: asyncio.Runner) -> None:
    run(sent)
    run(lambda tx: message(tx, "m1"))
    run(lambda tx: message(tx, "m1", part=1))
    assert sum(run(deliveries.counts).values()) == 2
