"""The store on SQLite: one thread owns the connection and commits all that waits at once."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from bot.errors import StoreUnavailable
from bot.store import queries
from bot.store.database import Row, Tx
from bot.store.presence import Presence
from bot.store.vault import Vault

T = TypeVar("T")

BATCH: Final = 64
"""Functions that share one commit, at most."""
SCRUB_EVERY_S: Final = 1.0
"""Emptying the log costs as much as many commits: at most once in this time."""
_OUT_OF_ORDER: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
"""Results that say something about the disk or the neighbours, not about the statement."""


class SqliteTx:
    """An open transaction on SQLite; see `database.Tx`."""

    __slots__ = ("_columns", "_sql", "connection", "erased", "vault")

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self.connection = connection
        self.vault = vault
        self.erased = False
        self._sql = queries.for_sqlite()
        self._columns: dict[str, tuple[str, ...]] = {}

    def execute(self, name: str, /, **params: object) -> int:
        if name == "key_erase":
            self.erased = True
        return self._cursor(name, params).rowcount

    def one(self, name: str, /, **params: object) -> Row | None:
        # Not fetchone: a statement with RETURNING that has not come to its end stops the commit.
        cursor = self._cursor(name, params)
        rows = cursor.fetchall()
        return dict(zip(self._names(name, cursor), rows[0], strict=True)) if rows else None

    def all(self, name: str, /, **params: object) -> list[Row]:
        cursor = self._cursor(name, params)
        names = self._names(name, cursor)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _names(self, name: str, cursor: sqlite3.Cursor) -> tuple[str, ...]:
        known = self._columns.get(name)
        if known is None:
            known = self._columns[name] = tuple(column[0] for column in cursor.description)
        return known

    def _cursor(self, name: str, params: dict[str, object]) -> sqlite3.Cursor:
        # A function that swallowed a full disk's error must not go on outside of a transaction.
        if not self.connection.in_transaction:
            raise StoreUnavailable("the transaction is gone")
        return self.connection.execute(self._sql[name], params)


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    fn: Callable[[Tx], Any]
    loop: asyncio.AbstractEventLoop
    waiter: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one function came to: its result, or what it raised."""

    result: Any = None
    error: BaseException | None = None


class SqliteStore:
    """See `database.Store`. Made by `sqlite_file.open_store`; the connection belongs to the one
    thread from here on.
    """

    def __init__(self, connection: sqlite3.Connection, vault: Vault, presence: Presence) -> None:
        self._connection = connection
        self._presence = presence
        self._tx = SqliteTx(connection, vault)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._scrub = False
        self._scrubbed = -SCRUB_EVERY_S
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    async def run(self, fn: Callable[[Tx], T]) -> T:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        with self._gate:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            self._jobs.put(_Job(fn, loop, waiter))
        return await waiter

    async def alone(self) -> bool:
        return await asyncio.to_thread(self._presence.alone)

    async def close(self) -> None:
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._presence.close()

    def _work(self) -> None:
        going = True
        while going:
            taken = self._take()
            going = not taken or taken[-1] is not None
            jobs = [job for job in taken if job is not None]
            if jobs:
                _wake(zip(jobs, self._settle(jobs), strict=True))
            if self._scrub and self._jobs.empty() and not self._scrub_in():
                self._empty_log()
        self._connection.close()

    def _take(self) -> list[_Job | None]:
        """What is waiting; None is the last job of all. Nothing only when the log is to be emptied
        now.
        """
        try:
            taken = [self._jobs.get(timeout=self._scrub_in())]
        except queue.Empty:
            return []
        while taken[-1] is not None and len(taken) < BATCH:
            try:
                taken.append(self._jobs.get_nowait())
            except queue.Empty:
                break
        return taken

    def _settle(self, jobs: list[_Job]) -> list[_Outcome]:
        """An outcome for each job, with everything that succeeded committed."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as exc:
            return [_Outcome(error=_unavailable(exc)) for _ in jobs]
        try:
            outcomes = [self._attempt(job) for job in jobs]
            self._connection.execute("COMMIT")
        except _Lost as lost:
            return self._rerun(jobs, lost.cause)
        except sqlite3.Error as exc:
            return self._rerun(jobs, exc)
        self._scrub, self._tx.erased = self._scrub or self._tx.erased, False
        return outcomes

    def _rerun(self, jobs: list[_Job], cause: BaseException) -> list[_Outcome]:
        """Nothing of the batch stands: each job gets a transaction of its own, and fails alone."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.rollback()
        if len(jobs) == 1:
            return [_Outcome(error=_unavailable(cause))]
        return [outcome for job in jobs for outcome in self._settle([job])]

    def _attempt(self, job: _Job) -> _Outcome:
        """Run one job in a savepoint. Raises _Lost when the transaction around it is gone."""
        connection = self._connection
        connection.execute("SAVEPOINT job")
        try:
            outcome = _Outcome(result=job.fn(self._tx))
        except BaseException as exc:  # noqa: BLE001  a door: the waiter gets it, the thread lives on
            outcome = _Outcome(error=_translated(exc))
        if not connection.in_transaction:
            raise _Lost(outcome.error or RuntimeError("the function ended the transaction"))
        if outcome.error is not None:
            connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return outcome

    def _scrub_in(self) -> float | None:
        """Seconds until the log may be emptied; None when nothing was erased."""
        if not self._scrub:
            return None
        return max(0.0, self._scrubbed + SCRUB_EVERY_S - time.monotonic())

    def _empty_log(self) -> None:
        """After an erasure: what was deleted must not live on in the write-ahead log."""
        self._scrubbed = time.monotonic()
        try:
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:
            return
        self._scrub = bool(busy)


class _Lost(Exception):
    """SQLite has rolled back the whole transaction, or cannot go on with it."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__()
        self.cause = cause


def _translated(error: BaseException) -> BaseException:
    """Ours for a failure of the disk; a future refuses StopIteration."""
    if isinstance(error, sqlite3.Error) and _code(error) in _OUT_OF_ORDER:
        return _unavailable(error)
    if isinstance(error, StopIteration):
        return RuntimeError("the function raised StopIteration")
    return error


def _unavailable(cause: BaseException) -> StoreUnavailable:
    if isinstance(cause, StoreUnavailable):
        return cause
    error = StoreUnavailable(
        f"nothing was written ({_name(cause)}); try again, and look at the disk if it stays"
    )
    error.__cause__ = cause
    return error


def _code(error: sqlite3.Error) -> int:
    """The primary result code; -1 where Python gives none."""
    code = getattr(error, "sqlite_errorcode", -1)
    return code & 0xFF if code >= 0 else -1


def _name(error: BaseException) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def _wake(done: Iterable[tuple[_Job, _Outcome]]) -> None:
    """Give every waiter its outcome, with one call for each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job, _Outcome]]] = {}
    for job, outcome in done:
        by_loop.setdefault(job.loop, []).append((job, outcome))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer, pairs)
        except RuntimeError:  # that loop is closed, and nobody waits in it
            continue


def _answer(pairs: list[tuple[_Job, _Outcome]]) -> None:
    for job, outcome in pairs:
        if job.waiter.done():
            continue
        if outcome.error is not None:
            job.waiter.set_exception(outcome.error)
        else:
            job.waiter.set_result(outcome.result)
