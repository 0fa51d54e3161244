"""What every database must do alike: transactions, chats, seen, timers, staff, incidents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from bot.conversation.state import Conversation, LessonProgress, Place, Profile
from bot.errors import StoreUnavailable, Unreadable
from bot.messages import Chat, Outgoing
from bot.store import chats, database, incidents, keys, outbox, returns, seen, staff, timers
from bot.store.database import Store, Tx

Fn = Callable[[Tx], Any]
Run = Callable[[Fn], Any]
RunAll = Callable[[list[Fn]], list[Any]]

WEB = Chat("web", "address-of-a-child")
CAT = Profile("p-cat", "ms", animal="cat")
DOG = Profile("p-dog", "ta", animal="dog")


def load(tx: Tx, chat: Chat = WEB, new_id: str = "c1") -> chats.Loaded:
    return chats.load(tx, chat, now=1, new_id=new_id)


def keep(tx: Tx, conversation: Conversation) -> None:
    chats.save(tx, load(tx), conversation, now=2)


async def test_check_and_close(sqlite_store: Store) -> None:
    await database.check(sqlite_store)
    await sqlite_store.close()
    with pytest.raises(StoreUnavailable):
        await database.check(sqlite_store)
    await sqlite_store.close()


async def test_check_and_close_on_postgres(postgres_store: Store) -> None:
    await database.check(postgres_store)
    await postgres_store.close()
    with pytest.raises(StoreUnavailable):
        await database.check(postgres_store)
    await postgres_store.close()


def test_a_failing_function_is_undone_alone(run: Run, run_all: RunAll) -> None:
    def works(number: int) -> Fn:
        return lambda tx: seen.first_time(tx, "web", f"e{number}", now=1)

    def fails(number: int) -> Fn:
        def fn(tx: Tx) -> None:
            seen.first_time(tx, "web", f"e{number}", now=1)
            raise KeyError("mine")

        return fn

    outcomes = run_all([fails(n) if n % 3 == 0 else works(n) for n in range(30)])
    assert [type(outcome) for outcome in outcomes[:4]] == [KeyError, bool, bool, KeyError]
    assert run_all([works(n) for n in range(30)]) == [n % 3 == 0 for n in range(30)]


@pytest.mark.parametrize("error", [StopIteration, SystemExit, KeyboardInterrupt, ZeroDivisionError])
def test_whatever_a_function_raises_the_store_lives_on(
    run: Run, error: type[BaseException]
) -> None:
    def fails(tx: Tx) -> None:
        tx.execute("meta_set", name="a", value="b")
        raise error

    expected = RuntimeError if error is StopIteration else error
    with pytest.raises(expected):
        run(fails)
    assert run(lambda tx: [row["name"] for row in tx.all("meta_all") if row["name"] == "a"]) == []


def test_one_event_fifty_times_at_once_is_new_once(run_all: RunAll) -> None:
    same: list[Fn] = [lambda tx: seen.first_time(tx, "web", "event", now=1)] * 50
    assert sorted(run_all(same)) == [False] * 49 + [True]


def test_events_are_told_apart_by_source_and_forgotten_in_time(run: Run) -> None:
    assert run(lambda tx: seen.first_time(tx, "web", "a", now=1))
    assert run(lambda tx: seen.first_time(tx, "telegram", "a", now=5))
    assert not run(lambda tx: seen.first_time(tx, "telegram", "a", now=9))
    assert run(lambda tx: seen.purge(tx, before=5)) == 1
    assert run(lambda tx: seen.first_time(tx, "web", "a", now=9))


def test_a_new_chat_is_made_once_even_at_once(run: Run, run_all: RunAll) -> None:
    def maker(number: int) -> Fn:
        return lambda tx: load(tx, new_id=f"c{number}").id

    made = run_all([maker(number) for number in range(20)])
    assert len(set(made)) == 1
    assert run(lambda tx: chats.find(tx, WEB)) == made[0]
    assert run(lambda tx: chats.find(tx, Chat("telegram", WEB.address))) is None


def test_turns_of_one_chat_follow_each_other(run: Run, run_all: RunAll) -> None:
    run(load)

    def turn(tx: Tx) -> None:
        loaded = load(tx)
        later = msgspec.structs.replace(loaded.conversation, turn=loaded.conversation.turn + 1)
        chats.save(tx, loaded, later, now=2)

    assert run_all([turn] * 40) == [None] * 40
    assert run(lambda tx: load(tx).conversation.turn) == 40


def test_a_conversation_comes_back_as_it_was(run: Run) -> None:
    lessons = {"B6": LessonProgress(step="scene1", right=2, at=7)}
    whole = Conversation(
        language="ta",
        profiles=(DOG, msgspec.structs.replace(CAT, lessons=lessons)),
        active="p-cat",
        place=Place("lesson", "scene1", "B6"),
        turn=3,
    )
    run(lambda tx: keep(tx, whole))
    assert run(lambda tx: load(tx).conversation) == whole
    by_id = run(lambda tx: chats.load_by_id(tx, "c1"))
    assert by_id.conversation == whole
    assert by_id.chat == WEB
    assert run(lambda tx: chats.load_by_id(tx, "nobody")) is None


def test_only_changed_profiles_are_sealed_again(run: Run) -> None:
    run(lambda tx: keep(tx, Conversation(profiles=(CAT, DOG))))

    def sealed(tx: Tx) -> dict[str, str]:
        return {row["id"]: row["sealed"] for row in tx.all("profiles_of", chat_id="c1")}

    before = run(sealed)
    changed = msgspec.structs.replace(DOG, colour="blue")
    run(lambda tx: keep(tx, Conversation(profiles=(CAT, changed), turn=1)))
    after = run(sealed)
    assert before["p-cat"] == after["p-cat"]
    assert before["p-dog"] != after["p-dog"]
    assert run(lambda tx: load(tx).conversation.profiles) == (CAT, changed)


def test_a_profile_that_is_gone_is_erased_with_its_key(run: Run) -> None:
    run(lambda tx: keep(tx, Conversation(profiles=(CAT, DOG))))
    run(lambda tx: keys.get(tx, "c1/p-cat"))
    run(lambda tx: keep(tx, Conversation(profiles=(DOG,))))
    assert run(lambda tx: len(tx.all("profiles_of", chat_id="c1"))) == 1
    with pytest.raises(Unreadable):
        run(lambda tx: keys.get(tx, "c1/p-cat"))
    run(lambda tx: keep(tx, Conversation(profiles=(DOG, CAT))))
    assert run(lambda tx: load(tx).conversation.profiles) == (DOG, CAT)


def test_two_saves_in_one_transaction(run: Run) -> None:
    def twice(tx: Tx) -> None:
        once = chats.save(tx, load(tx), Conversation(profiles=(CAT,)), now=2)
        chats.save(tx, once, Conversation(profiles=(CAT, DOG), turn=2), now=2)

    run(twice)
    assert run(lambda tx: load(tx).conversation) == Conversation(profiles=(CAT, DOG), turn=2)


def test_a_state_that_could_not_be_read_again_is_not_written(run: Run) -> None:
    run(lambda tx: keep(tx, Conversation(turn=1)))
    wrong: Any = "nowhere"
    with pytest.raises(msgspec.ValidationError):
        run(lambda tx: keep(tx, Conversation(turn=2, place=Place(wrong))))
    assert run(lambda tx: load(tx).conversation.turn) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda tx: tx.execute("chat_save", id="c1", state="1.x.AAAA", numbers=0, now=1),
        lambda tx: keys.erase(tx, "c1"),
        lambda tx: keys.erase(tx, "c1/p-cat"),
        lambda tx: tx.execute("profile_delete", chat_id="c1", id="p-cat"),
        lambda tx: tx.execute("profile_put", chat_id="c1", id="p-cat", sealed="1.x.AAAA"),
        lambda tx: tx.execute(
            "chat_save",
            id="c1",
            state=keys.get(tx, "c1").seal(b'{"conversation": 5}', "chats.state/c1"),
            numbers=0,
            now=1,
        ),
    ],
)
def test_an_unreadable_chat_is_never_a_new_user(run: Run, damage: Fn) -> None:
    run(lambda tx: keep(tx, Conversation(profiles=(CAT,))))
    run(damage)
    with pytest.raises(Unreadable) as caught:
        run(lambda tx: load(tx, new_id="c2"))
    assert "cat" not in str(caught.value)
    assert run(lambda tx: chats.find(tx, WEB)) == "c1"


def test_a_chat_moves_to_a_new_address_with_its_rows(run: Run) -> None:
    new = Chat("telegram", "elsewhere")

    def build(tx: Tx) -> None:
        keep(tx, Conversation(turn=9))
        load(tx, new, new_id="c2")
        outbox.add(
            tx,
            id="o1",
            chat_id="c1",
            profile=None,
            turn=1,
            lane="relay",
            outgoing=Outgoing("hello"),
            now=1,
            expires_at=99,
        )

    run(build)
    run(lambda tx: chats.rebind(tx, "c1", new))
    moved = run(lambda tx: load(tx, new, new_id="c3"))
    assert (moved.id, moved.chat, moved.conversation.turn) == ("c1", new, 9)
    assert run(lambda tx: chats.find(tx, WEB)) is None
    assert run(lambda tx: chats.load_by_id(tx, "c2")) is not None
    (due,) = run(
        lambda tx: outbox.claim(tx, channels=["telegram"], now=2, limit=9, worker="w", lease_us=9)
    )
    assert due.chat == new
    run(lambda tx: chats.rebind(tx, "c1", new))
    assert run(lambda tx: chats.find(tx, new)) == "c1"


def test_an_erased_chat_leaves_nothing(run: Run) -> None:
    run(lambda tx: keep(tx, Conversation(profiles=(CAT,))))
    run(lambda tx: chats.erase(tx, "c1"))
    assert run(lambda tx: chats.find(tx, WEB)) is None
    for owner in ("c1", "c1/p-cat"):
        with pytest.raises(Unreadable):
            run(partial(keys.get, owner=owner))


def test_timers_are_one_for_a_kind_and_case(run: Run) -> None:
    def build(tx: Tx) -> None:
        for id, case, due_at in (
            ("t1", "a", 50),
            ("t2", "b", 20),
            ("t3", "a", 30),
            ("t4", "c", 99),
        ):
            timers.set(tx, id=id, chat_id="c1", kind="draft_expiry", case=case, due_at=due_at)
        timers.set(tx, id="t5", chat_id="c1", kind="follow_up", case="a", due_at=40)

    run(build)
    found = run(lambda tx: timers.due(tx, now=50, limit=9))
    assert [(timer.id, timer.kind, timer.case) for timer in found] == [
        ("t2", "draft_expiry", "b"),
        ("t3", "draft_expiry", "a"),
        ("t5", "follow_up", "a"),
    ]
    assert [timer.id for timer in run(lambda tx: timers.due(tx, now=50, limit=1))] == ["t2"]
    assert run(lambda tx: timers.done(tx, "t2"))
    assert not run(lambda tx: timers.done(tx, "t1"))
    run(lambda tx: timers.cancel(tx, kind="follow_up", case="a"))
    run(lambda tx: timers.drop_case(tx, "a"))
    assert [timer.id for timer in run(lambda tx: timers.due(tx, now=999, limit=9))] == ["t4"]


def test_incidents_are_sealed_and_run_out(run: Run) -> None:
    def build(tx: Tx) -> None:
        for number in (1, 2):
            incidents.add(
                tx,
                id=f"i{number}",
                kind="step",
                chat_id=None,
                event=b"what was said",
                now=number,
                expires_at=10 * number,
            )

    run(build)
    first, second = run(incidents.all)
    assert (first.id, first.event) == ("i1", b"what was said")
    assert "said" not in repr(second)
    assert run(lambda tx: incidents.purge(tx, now=10)) == 1
    assert [incident.id for incident in run(incidents.all)] == ["i2"]


def test_staff_sign_in_until_the_session_or_the_account_ends(run: Run) -> None:
    def account(tx: Tx, id: str, name: str) -> bool:
        return staff.add(
            tx, id=id, name=name, role="worker", languages=["ta", "ms"], password_hash="h", now=1
        )

    assert run(lambda tx: account(tx, "s1", "Devi"))
    assert not run(lambda tx: account(tx, "s2", "Devi"))
    run(lambda tx: staff.session_open(tx, token_hash="t", staff="s1", expires_at=10))
    found = run(lambda tx: staff.session(tx, "t", now=9))
    assert (found.name, found.languages, found.disabled) == ("Devi", ("ta", "ms"), False)
    assert run(lambda tx: staff.session(tx, "t", now=10)) is None
    assert run(lambda tx: staff.session(tx, "u", now=9)) is None
    run(lambda tx: staff.session_close(tx, "t"))
    assert run(lambda tx: staff.session(tx, "t", now=9)) is None
    run(lambda tx: staff.session_open(tx, token_hash="t2", staff="s1", expires_at=10))
    assert run(lambda tx: staff.disable(tx, "Devi"))
    assert not run(lambda tx: staff.disable(tx, "Devi"))
    assert run(lambda tx: staff.session(tx, "t2", now=9)) is None
    assert run(lambda tx: staff.by_name(tx, "Devi")).disabled
    assert [one.name for one in run(staff.all)] == ["Devi"]
    assert run(lambda tx: staff.by_name(tx, "Nobody")) is None


def test_sessions_run_out_and_audits_stay(run: Run) -> None:
    def build(tx: Tx) -> None:
        staff.add(tx, id="s", name="A", role="r", languages=[], password_hash="h", now=1)
        staff.session_open(tx, token_hash="t", staff="s", expires_at=5)
        staff.audit(tx, id="a1", at=1, staff="A", action="read", case="k")
        staff.audit(tx, id="a2", at=2, staff="A", action="sign in", detail="here")

    run(build)
    assert run(lambda tx: staff.purge_sessions(tx, now=5)) == 1
    assert [line.id for line in run(staff.audits)] == ["a1", "a2"]
    assert [line.action for line in run(lambda tx: staff.audits(tx, "k"))] == ["read"]


def test_come_back_words_count_their_misses(run: Run) -> None:
    run(lambda tx: returns.add(tx, reference="ABC-DEF", case="k", chat_id="c", words_hash="h"))
    run(lambda tx: returns.miss(tx, "ABC-DEF", now=7))
    run(lambda tx: returns.miss(tx, "ABC-DEF", now=8))
    found = run(lambda tx: returns.get(tx, "ABC-DEF"))
    assert (found.case, found.chat_id, found.misses, found.last_miss_at) == ("k", "c", 2, 8)
    run(lambda tx: returns.clear(tx, "ABC-DEF"))
    assert run(lambda tx: returns.get(tx, "ABC-DEF")).misses == 0
    run(lambda tx: returns.add(tx, reference="ABC-DEF", case="k", chat_id="c", words_hash="h2"))
    assert run(lambda tx: returns.get(tx, "ABC-DEF")).words_hash == "h2"
    assert run(lambda tx: returns.get(tx, "XXX-XXX")) is None
