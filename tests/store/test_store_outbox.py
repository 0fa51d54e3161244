"""The outbox on both databases: order, lanes, leases, what stops a row and what it leaves."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Unreadable
from bot.messages import ChannelName, Chat, Choice, Lane, Outgoing
from bot.store import chats, keys, outbox, sends
from bot.store.database import Store, Tx, open_store
from bot.store.vault import Vault, invent_key, parse_keys

Fn = Callable[[Tx], Any]
Run = Callable[[Fn], Any]
RunAll = Callable[[list[Fn]], list[Any]]

OUT = Outgoing("a sentence that was planted", (Choice("t", "label"),))
FAR = 10**9
_KEYS = parse_keys(invent_key())


def chat(tx: Tx, id: str = "c1", channel: ChannelName = "telegram") -> None:
    chats.load(tx, Chat(channel, f"address {id}"), now=0, new_id=id)


def add(
    tx: Tx,
    id: str,
    *,
    chat_id: str = "c1",
    lane: Lane = "normal",
    turn: int = 1,
    profile: str | None = None,
    now: int = 1,
    expires_at: int = FAR,
    held: bool = False,
) -> outbox.Due:
    return outbox.add(
        tx,
        id=id,
        chat_id=chat_id,
        profile=profile,
        turn=turn,
        lane=lane,
        outgoing=OUT,
        now=now,
        expires_at=expires_at,
        held=held,
    )


def claim(tx: Tx, *, now: int = 10, limit: int = 99, lease_us: int = 100) -> list[str]:
    due = outbox.claim(
        tx, channels=["telegram", "whatsapp"], now=now, limit=limit, worker="w", lease_us=lease_us
    )
    return [row.id for row in due]


def rows(tx: Tx, *ids: str) -> list[bool]:
    return [outbox.still_wanted(tx, id) for id in ids]


def build(run: Run, *adds: Fn) -> None:
    run(chat)
    for one in adds:
        run(one)


def test_a_row_comes_out_as_it_went_in(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1", lane="care", turn=4, profile="p"))
    (due,) = run(
        lambda tx: outbox.claim(tx, channels=["telegram"], now=9, limit=1, worker="w", lease_us=5)
    )
    assert due == outbox.Due(
        "o1", "c1", Chat("telegram", "address c1"), 1, "care", 4, "p", OUT, attempts=1
    )
    assert "planted" not in repr(due)
    assert "address" not in repr(due)


def test_a_row_for_no_chat_is_refused(run: Run) -> None:
    with pytest.raises(Unreadable):
        run(lambda tx: add(tx, "o1"))


def test_rows_of_a_lane_wait_for_each_other_and_lanes_do_not(run: Run) -> None:
    build(
        run,
        lambda tx: add(tx, "n1"),
        lambda tx: add(tx, "n2"),
        lambda tx: add(tx, "r1", lane="relay"),
        lambda tx: add(tx, "c1", lane="care"),
        lambda tx: add(tx, "c2", lane="care"),
    )
    assert run(claim) == ["c1", "r1", "n1"]
    assert run(claim) == []
    run(lambda tx: sends.sent(tx, "c1", now=11))
    run(lambda tx: sends.later(tx, "n1", due_at=500, attempts=1))
    assert run(claim) == ["c2"]
    assert run(lambda tx: claim(tx, now=500)) == ["c2", "r1", "n1"]
    run(lambda tx: sends.park(tx, "n1", reason="blocked"))
    assert run(lambda tx: claim(tx, now=500)) == ["n2"]


def test_a_lease_that_ran_out_is_given_again_and_counted(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1"))
    assert run(lambda tx: claim(tx, now=10)) == ["o1"]
    assert run(lambda tx: claim(tx, now=109)) == []
    (due,) = run(
        lambda tx: outbox.claim(tx, channels=["telegram"], now=110, limit=9, worker="v", lease_us=5)
    )
    assert due.attempts == 2


def test_a_limit_and_other_channels(run: Run) -> None:
    def many(tx: Tx) -> None:
        for number in range(5):
            chat(tx, f"t{number}")
            add(tx, f"o{number}", chat_id=f"t{number}", now=number)
        chat(tx, "web", "web")
        add(tx, "ow", chat_id="web")

    run(many)
    assert run(lambda tx: claim(tx, limit=2)) == ["o0", "o1"]
    assert run(lambda tx: claim(tx, limit=9)) == ["o2", "o3", "o4"]


def test_what_ran_out_is_not_sent_and_does_not_stand_in_the_way(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1", expires_at=5), lambda tx: add(tx, "o2"))
    assert run(lambda tx: claim(tx, now=5)) == ["o2"]
    assert run(lambda tx: rows(tx, "o1", "o2")) == [False, True]
    assert run(outbox.counts) == {("telegram", "expired"): 1, ("telegram", "waiting"): 1}


def test_what_is_being_sent_does_not_expire_meanwhile(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1", expires_at=50))
    assert run(lambda tx: claim(tx, now=40)) == ["o1"]
    assert run(lambda tx: outbox.expire(tx, channels=["telegram"], now=60)) == 0
    assert run(lambda tx: outbox.expire(tx, channels=["telegram"], now=140)) == 1


def test_a_new_turn_supersedes_unsent_normal_rows_alone(run: Run) -> None:
    build(
        run,
        lambda tx: add(tx, "n1", turn=1),
        lambda tx: add(tx, "c1", turn=1, lane="care"),
        lambda tx: add(tx, "r1", turn=1, lane="relay"),
        lambda tx: add(tx, "n2", turn=2),
    )
    assert run(lambda tx: outbox.supersede(tx, "c1", turn=2)) == 1
    assert run(lambda tx: rows(tx, "n1", "c1", "r1", "n2")) == [False, True, True, True]


def test_hush_cancels_all_but_the_relay_which_is_held(run: Run) -> None:
    build(
        run,
        lambda tx: add(tx, "n1"),
        lambda tx: add(tx, "c1", lane="care"),
        lambda tx: add(tx, "r1", lane="relay"),
    )
    assert run(claim) == ["c1", "r1", "n1"]
    assert run(lambda tx: outbox.hush(tx, "c1")) == 3
    assert run(lambda tx: rows(tx, "n1", "c1", "r1")) == [False] * 3
    assert run(lambda tx: claim(tx, now=999)) == []
    build(run, lambda tx: add(tx, "n2"), lambda tx: add(tx, "r2", lane="relay"))
    assert run(lambda tx: claim(tx, now=999)) == ["r2", "n2"]
    assert run(lambda tx: outbox.release(tx, "c1", profile=None)) == 1
    run(lambda tx: sends.sent(tx, "r2", now=999))
    assert run(lambda tx: claim(tx, now=1000)) == ["r1"]


def test_a_profile_switch_stops_the_rows_of_that_profile(run: Run) -> None:
    build(
        run,
        lambda tx: add(tx, "a1", profile="a"),
        lambda tx: add(tx, "a2", profile="a", lane="relay"),
        lambda tx: add(tx, "b1", profile="b"),
        lambda tx: add(tx, "x1"),
    )
    assert run(lambda tx: outbox.cancel_profile(tx, "c1", profile="a")) == 2
    assert run(lambda tx: rows(tx, "a1", "a2", "b1", "x1")) == [False, False, True, True]
    assert run(lambda tx: outbox.cancel_profile(tx, "c1", profile=None)) == 1
    assert run(lambda tx: rows(tx, "b1", "x1")) == [True, False]
    assert run(lambda tx: outbox.release(tx, "c1", profile="b")) == 0
    assert run(lambda tx: outbox.release(tx, "c1", profile="a")) == 1


def test_rows_of_another_chat_are_left_alone(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1"))
    run(lambda tx: chat(tx, "c2"))
    run(lambda tx: add(tx, "o2", chat_id="c2"))
    run(lambda tx: outbox.hush(tx, "c1"))
    run(lambda tx: outbox.supersede(tx, "c1", turn=9))
    assert run(claim) == ["o2"]


def test_a_browser_sees_waiting_rows_until_it_has_shown_them(run: Run) -> None:
    run(lambda tx: chat(tx, "c1", "web"))
    for id, held in (("o1", False), ("o2", True), ("o3", False)):
        run(partial(add, id=id, lane="relay", held=held))

    def seen(tx: Tx, after: int) -> list[int]:
        return [due.seq for due in outbox.pending(tx, "c1", after=after)]

    assert run(lambda tx: seen(tx, 0)) == [1, 3]
    assert run(lambda tx: seen(tx, 1)) == [3]
    assert run(lambda tx: outbox.acknowledge(tx, "c1", upto=2, now=5)) == 1
    assert run(lambda tx: outbox.acknowledge(tx, "c1", upto=2, now=5)) == 0
    assert run(lambda tx: seen(tx, 0)) == [3]
    run(lambda tx: outbox.release(tx, "c1", profile=None))
    assert run(lambda tx: seen(tx, 0)) == [2, 3]


def test_a_row_that_ended_keeps_no_body(run: Run) -> None:
    build(run, *(lambda tx, n=n: add(tx, f"o{n}", now=n, turn=n) for n in range(1, 7)))
    run(lambda tx: outbox.supersede(tx, "c1", turn=2))
    run(lambda tx: sends.park(tx, "o2", reason="gone"))
    run(lambda tx: sends.sent(tx, "o3", now=9, platform_id="wamid with a phone number"))
    run(lambda tx: outbox.acknowledge(tx, "c1", upto=4, now=9))
    run(lambda tx: outbox.hush(tx, "c1"))
    assert run(lambda tx: outbox.pending(tx, "c1", after=0)) == []
    assert run(outbox.counts) == {
        ("telegram", "superseded"): 1,
        ("telegram", "parked"): 1,
        ("telegram", "sent"): 2,
        ("telegram", "cancelled"): 2,
    }
    assert run(lambda tx: outbox.purge(tx, before=5)) == 4
    assert run(lambda tx: outbox.purge(tx, before=99)) == 2


def test_what_was_sent_after_all_counts_as_sent(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1"))
    run(lambda tx: outbox.hush(tx, "c1"))
    run(lambda tx: sends.sent(tx, "o1", now=9, platform_id="x"))
    assert run(outbox.counts) == {("telegram", "sent"): 1}
    run(lambda tx: keys.erase(tx, "c1"))
    run(lambda tx: sends.sent(tx, "o1", now=9, platform_id="x"))
    run(lambda tx: sends.sent(tx, "never was", now=9, platform_id="x"))


def test_waiting_rows_are_not_purged(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1"), lambda tx: add(tx, "r1", lane="relay", held=True))
    assert run(lambda tx: outbox.purge(tx, before=99)) == 0


def test_an_unreadable_row_is_parked_and_the_others_go_on(run: Run) -> None:
    build(run, lambda tx: add(tx, "o1"))
    run(lambda tx: chat(tx, "c2"))
    run(lambda tx: add(tx, "o2", chat_id="c2"))
    run(lambda tx: keys.erase(tx, "c1"))
    assert run(claim) == ["o2"]
    assert run(outbox.counts)[("telegram", "parked")] == 1


def test_two_workers_never_get_the_same_row(run: Run, run_all: RunAll) -> None:
    def many(tx: Tx) -> None:
        for number in range(40):
            chat(tx, f"t{number}")
            add(tx, f"o{number}", chat_id=f"t{number}")

    run(many)
    claimed = run_all([lambda tx: claim(tx, limit=5)] * 16)
    while taken := run(lambda tx: claim(tx, limit=5)):
        claimed.append(taken)
    found = [id for batch in claimed for id in batch]
    assert len(found) == len(set(found)) == 40


Op = tuple[str, int, Lane]
OPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "claim", "sent", "later", "crash"]),
        st.integers(0, 1),
        st.sampled_from(["care", "relay", "normal"]),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(OPS)
def test_order_holds_per_chat_and_lane_whatever_happens(ops: list[Op]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(folder, ops))


async def _play(folder: str, ops: list[Op]) -> None:
    """Random adds, claims, sends and failures; then drain. What was sent is what was added."""
    store = open_store(f"sqlite:///{folder}/x.db", Vault(_KEYS))
    try:
        added, sent = await _some(store, ops)
        while await _step(store, "drain", sent):
            pass
        assert sent == added
    finally:
        await store.close()


Lines = dict[tuple[str, str], list[int]]
_now = iter(range(1_000, 10**12, 1_000))


async def _some(store: Store, ops: list[Op]) -> tuple[Lines, Lines]:
    added: Lines = {}
    sent: Lines = {}
    for number, (what, which, lane) in enumerate(ops):
        if what == "add":
            id, chat_id = f"o{number}", f"c{which}"

            def fn(tx: Tx, id: str = id, chat_id: str = chat_id, lane: Lane = lane) -> int:
                chat(tx, chat_id)
                return add(tx, id, chat_id=chat_id, lane=lane, expires_at=10**15).seq

            added.setdefault((chat_id, lane), []).append(await store.run(fn))
        else:
            await _step(store, what, sent)
    return added, sent


async def _step(store: Store, what: str, sent: Lines) -> int:
    """One worker's round; returns how many rows it was given."""
    now = next(_now)

    def fn(tx: Tx) -> list[outbox.Due]:
        return outbox.claim(tx, channels=["telegram"], now=now, limit=3, worker="w", lease_us=500)

    due = await store.run(fn)
    for row in due:
        if what in ("sent", "drain"):
            sent.setdefault((row.chat_id, row.lane), []).append(row.seq)
            await store.run(partial(sends.sent, id=row.id, now=now))
        elif what == "later":
            await store.run(partial(sends.later, id=row.id, due_at=now + 1_500, attempts=1))
    if not due and what == "drain":
        next(_now), next(_now)
        return await store.run(lambda tx: sum(_unsent(tx)))
    return len(due)


def _unsent(tx: Tx) -> list[int]:
    return [count for (_, state), count in outbox.counts(tx).items() if state == "waiting"]
