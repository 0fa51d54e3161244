"""SQLite alone: one thread, one commit for what waits, the rerun rule, what a file may show."""

from __future__ import annotations

import asyncio
import base64
import resource
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from bot.conversation.state import Conversation, Profile
from bot.errors import KeysWrong, SettingsWrong, StoreUnavailable
from bot.messages import Chat, Outgoing, Words
from bot.store import chats, incidents, outbox, reports, seen, sends
from bot.store.database import Store, Tx, open_store
from bot.store.sqlite import BATCH, SqliteTx
from bot.store.vault import Vault, invent_key, parse_keys

Fn = Callable[[Tx], Any]
Run = Callable[[Fn], Any]

PLANTED = "he will send my photo to my class"


def connection(tx: Tx) -> sqlite3.Connection:
    return cast(SqliteTx, tx).connection


def put(name: str, size: int = 10) -> Fn:
    def fn(tx: Tx) -> str:
        tx.execute("meta_set", name=name, value="x" * size)
        return name

    return fn


def names(tx: Tx) -> set[str]:
    return {row["name"] for row in tx.all("meta_all") if not row["name"].startswith("key_check")}


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def together(store: Store, loop: asyncio.Runner) -> Callable[[list[Fn]], list[Any]]:
    """`together(fns)`: in one batch, as they wait while another function holds the thread."""

    async def all_at_once(fns: list[Fn]) -> list[Any]:
        gate = threading.Event()
        first = asyncio.ensure_future(store.run(lambda tx: gate.wait(10)))
        await asyncio.sleep(0.01)
        rest = asyncio.gather(*(store.run(fn) for fn in fns), return_exceptions=True)
        await asyncio.sleep(0)
        gate.set()
        assert await first
        return await rest

    return lambda fns: loop.run(all_at_once(fns))


Together = Callable[[list[Fn]], list[Any]]


def test_what_waits_shares_one_commit(run: Run, together: Together) -> None:
    statements: list[str] = []
    run(lambda tx: connection(tx).set_trace_callback(statements.append))
    assert together([put(f"n{number}") for number in range(BATCH)]) == [
        f"n{number}" for number in range(BATCH)
    ]
    run(lambda tx: connection(tx).set_trace_callback(None))
    begun = statements.index("BEGIN IMMEDIATE", statements.index("BEGIN IMMEDIATE") + 1)
    batch = statements[begun : statements.index("COMMIT", begun)]
    assert sum(statement.startswith("SAVEPOINT") for statement in batch) == BATCH
    assert len(run(names)) == BATCH


def test_functions_run_in_the_order_of_their_calls(run: Run, together: Together) -> None:
    order: list[int] = []

    def noted(_: Tx, number: int) -> None:
        order.append(number)

    together([partial(noted, number=number) for number in range(200)])
    assert order == list(range(200))


def test_a_result_is_there_only_after_the_commit(
    run: Run, sqlite_file: Path, loop: asyncio.Runner
) -> None:
    run(put("kept"))
    with closing(sqlite3.connect(sqlite_file)) as other:
        assert other.execute("SELECT 1 FROM meta WHERE name = 'kept'").fetchone()


@contextmanager
def full_disk(run: Run, spare_pages: int) -> Iterator[None]:
    """The file may grow by `spare_pages` and no further."""

    def limit(tx: Tx) -> None:
        pages = connection(tx).execute("PRAGMA page_count").fetchone()[0]
        connection(tx).execute(f"PRAGMA max_page_count = {pages + spare_pages}")

    run(limit)
    yield
    run(lambda tx: connection(tx).execute("PRAGMA max_page_count = 1073741823").fetchone())


def test_a_full_disk_fails_the_one_that_does_not_fit(run: Run, together: Together) -> None:
    with full_disk(run, spare_pages=20):
        fns = [put(f"n{number}", 3_000_000 if number == 7 else 10) for number in range(20)]
        outcomes = together(fns)
        assert isinstance(outcomes[7], StoreUnavailable)
        assert [o for n, o in enumerate(outcomes) if n != 7] == [
            f"n{n}" for n in range(20) if n != 7
        ]
        assert run(names) == {f"n{n}" for n in range(20) if n != 7}
    assert run(put("n7", 3_000_000)) == "n7"


def test_a_disk_with_no_room_fails_all_and_keeps_nothing(run: Run, together: Together) -> None:
    with full_disk(run, spare_pages=0):
        outcomes = together([put(f"n{number}", 20_000) for number in range(10)])
        assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 10
        assert run(names) == set()
    assert together([put(f"n{number}", 20_000) for number in range(10)])[9] == "n9"


def test_a_write_error_of_the_disk_fails_and_the_store_recovers(
    run: Run, together: Together, sqlite_file: Path
) -> None:
    """A real I/O error: the process may not write files beyond a size. COMMIT meets it."""
    run(put("before"))
    log = sqlite_file.with_name(sqlite_file.name + "-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log + 5_000, hard))
    try:
        outcomes = together([put(f"n{number}", 30_000) for number in range(5)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 5
    assert run(names) == {"before"}
    assert together([put(f"n{number}", 30_000) for number in range(5)]) == [
        f"n{number}" for number in range(5)
    ]


def test_a_commit_that_fails_is_tried_one_by_one(run: Run, together: Together) -> None:
    def orphan(tx: Tx) -> None:
        connection(tx).execute("PRAGMA defer_foreign_keys = ON")
        tx.execute("profile_put", chat_id="nobody", id="p", sealed="")

    outcomes = together([put("a"), orphan, put("b")])
    assert outcomes[0::2] == ["a", "b"]
    assert isinstance(outcomes[1], StoreUnavailable)
    assert run(names) == {"a", "b"}


@pytest.mark.parametrize("swallow", [False, True])
def test_a_lost_transaction_takes_nobody_else_along(
    run: Run, together: Together, swallow: bool
) -> None:
    """SQLite may roll back everything inside one function; what waited with it is run again."""

    def loses(tx: Tx) -> None:
        connection(tx).execute("ROLLBACK")
        try:
            tx.execute("meta_set", name="outside", value="x")
        except StoreUnavailable:
            if not swallow:
                raise

    def new(event: str) -> Fn:
        return lambda tx: seen.first_time(tx, "web", event, now=1)

    outcomes = together([new("a"), loses, new("b"), new("c")])
    # Were one of them done twice, its second time would not be new.
    assert outcomes[0] is outcomes[2] is outcomes[3] is True
    assert isinstance(outcomes[1], StoreUnavailable)
    assert run(names) == set()


def test_another_process_that_writes_is_waited_for_but_not_for_ever(
    run: Run, sqlite_file: Path
) -> None:
    run(lambda tx: connection(tx).execute("PRAGMA busy_timeout = 100").fetchone())
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            run(put("a"))
        other.execute("ROLLBACK")
        assert run(put("a")) == "a"


async def test_a_cancelled_caller_does_no_harm(sqlite_store: Store) -> None:
    gate = threading.Event()
    first = asyncio.ensure_future(sqlite_store.run(lambda tx: gate.wait(10)))
    second = asyncio.ensure_future(sqlite_store.run(put("second")))
    await asyncio.sleep(0.01)
    second.cancel()
    gate.set()
    assert await first
    assert await sqlite_store.run(names) == {"second"}


def test_a_loop_that_is_gone_does_no_harm(store: Store, run: Run) -> None:
    gate = threading.Event()

    async def leaves() -> None:
        waiting = asyncio.ensure_future(store.run(lambda tx: gate.wait(10)))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(leaves())
    gate.set()
    assert run(put("a")) == "a"


async def test_close_finishes_what_was_handed_over(sqlite_file: Path, vault: Vault) -> None:
    store = open_store(f"sqlite:///{sqlite_file}", vault)
    waiting = [asyncio.ensure_future(store.run(put(f"n{number}"))) for number in range(100)]
    await asyncio.sleep(0)
    await store.close()
    assert len(await asyncio.gather(*waiting)) == 100


def test_only_the_owner_may_read_the_file(run: Run, sqlite_file: Path) -> None:
    run(put("a"))
    found = sorted(sqlite_file.parent.iterdir())
    assert len(found) >= 2
    assert {path.stat().st_mode & 0o077 for path in [sqlite_file.parent, *found]} == {0}


def test_what_the_connection_relies_on_is_set(run: Run) -> None:
    def read(tx: Tx) -> dict[str, Any]:
        wanted = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        return {p: connection(tx).execute(f"PRAGMA {p}").fetchone()[0] for p in wanted}

    assert run(read) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


def everything(tx: Tx) -> None:
    """Every table that holds something of a user's, with PLANTED in it."""
    seen.first_time(tx, "telegram", PLANTED, now=1)
    loaded = chats.load(tx, Chat("telegram", PLANTED), now=1, new_id="c1")
    person = Profile("p1", "ms", animal=PLANTED)
    place = msgspec.structs.replace(Conversation().place, about=PLANTED)
    chats.save(tx, loaded, Conversation(profiles=(person,), place=place), now=1)
    for id in ("o1", "o2"):
        outbox.add(
            tx,
            id=id,
            chat_id="c1",
            profile="p1",
            turn=1,
            lane="care",
            outgoing=Outgoing(PLANTED),
            now=1,
            expires_at=99,
        )
    sends.sent(tx, "o2", now=2, platform_id=PLANTED)
    reports.draft(tx, id="k1", chat_id="c1", now=1, expires_at=99)
    words = Words(PLANTED)
    reports.add_words(tx, id="l1", case="k1", now=1, text=words, language="en", sender="child")
    reports.send(
        tx,
        "k1",
        now=2,
        facts=PLANTED.encode(),
        urgency="urgent",
        language="en",
        drill=False,
        reference="R",
        channel="telegram",
        due_at=None,
    )
    incidents.add(
        tx, id="i1", kind="step", chat_id="c1", event=PLANTED.encode(), now=1, expires_at=99
    )


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_what_a_child_wrote_stands_in_no_file(run: Run, sqlite_file: Path) -> None:
    run(everything)
    stored = files(sqlite_file.parent)
    assert b"telegram" in stored
    assert b"1.first." in stored
    encoded = base64.b64encode(PLANTED.encode())[:20]
    for form in (PLANTED.encode(), PLANTED.encode("utf-16-le"), encoded, PLANTED[3:15].encode()):
        assert form not in stored


def test_what_a_child_wrote_stands_in_no_repr(run: Run) -> None:
    run(everything)
    shown = run(
        lambda tx: repr(
            [
                chats.load_by_id(tx, "c1"),
                outbox.pending(tx, "c1", after=0),
                reports.words(tx, "k1"),
                reports.get(tx, "k1"),
                reports.queue(tx),
                incidents.all(tx),
                tx.vault,
            ]
        )
    )
    assert shown.count("c1") > 3
    assert PLANTED not in shown


def test_an_erased_key_leaves_the_log_as_well(run: Run, sqlite_file: Path) -> None:
    run(everything)
    wrapped = run(lambda tx: tx.one("key_get", owner="k1"))["wrapped"].encode()
    assert wrapped in files(sqlite_file.parent)
    run(lambda tx: reports.withdraw(tx, "k1", now=3))
    until = time.monotonic() + 5
    while wrapped in files(sqlite_file.parent):
        assert time.monotonic() < until, "the erased key is still on disk"
        time.sleep(0.01)


@pytest.mark.parametrize("wrong", ["first", "second"])
@pytest.mark.parametrize("killed", [False, True])
def test_a_wrong_key_is_refused_and_touches_nothing(
    tmp_path: Path, vault: Vault, loop: asyncio.Runner, wrong: str, killed: bool
) -> None:
    """Not even the log that a killed process left is moved into the file."""
    path = tmp_path / "live" / "x.db"
    store = open_store(f"sqlite:///{path}", vault)
    loop.run(store.run(everything))
    if killed:
        shutil.copytree(path.parent, tmp_path / "left")
    loop.run(store.close())
    path = tmp_path / "left" / "x.db" if killed else path
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert killed == bool(before.get("x.db-wal"))
    with pytest.raises(KeysWrong):
        open_store(f"sqlite:///{path}", Vault(parse_keys(f"{wrong}:{invent_key()}")))
    after = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert after["x.db"] == before["x.db"]
    assert after.get("x.db-wal", b"") == before.get("x.db-wal", b"")
    store = open_store(f"sqlite:///{path}", vault)
    assert loop.run(store.run(lambda tx: chats.load_by_id(tx, "c1")))
    loop.run(store.close())


def test_a_new_key_first_opens_what_the_old_one_sealed(
    sqlite_file: Path, vault: Vault, key_text: str, loop: asyncio.Runner
) -> None:
    url = f"sqlite:///{sqlite_file}"
    store = open_store(url, vault)
    loop.run(store.run(everything))
    loop.run(store.close())
    second = f"second:{invent_key()}"
    chat = Chat("telegram", PLANTED)
    store = open_store(url, Vault(parse_keys(f"{second},{key_text}")))
    load: Fn = lambda tx: chats.load(tx, chat, now=1, new_id="c2")  # noqa: E731
    assert loop.run(store.run(load)).id == "c1"
    assert not loop.run(store.run(lambda tx: seen.first_time(tx, "telegram", PLANTED, now=1)))
    loop.run(store.close())
    # Without the old key rows would be lost: it is refused until they are sealed anew.
    with pytest.raises(KeysWrong, match="first"):
        open_store(url, Vault(parse_keys(second)))


def test_a_foreign_file_or_url_is_refused(tmp_path: Path, vault: Vault) -> None:
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE things (id)")
    for url in (f"sqlite:///{foreign}", "sqlite:///", "mysql://x", ""):
        with pytest.raises(SettingsWrong):
            open_store(url, vault)
    for text in (b"no database at all" * 100,):
        (tmp_path / "text.db").write_bytes(text)
        with pytest.raises(StoreUnavailable):
            open_store(f"sqlite:///{tmp_path}/text.db", vault)
    with pytest.raises(StoreUnavailable):
        open_store("sqlite:////proc/nowhere/x.db", vault)
