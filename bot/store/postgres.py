"""The store on PostgreSQL: a pool of connections in threads, a transaction for each function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors, rows
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from bot.errors import StoreUnavailable
from bot.store import queries, schema
from bot.store.database import Row, Tx
from bot.store.vault import Vault

T = TypeVar("T")
_OUT_OF_ORDER: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,
    PoolTimeout,
    PoolClosed,
)
"""What says something about the server or the way to it, not about the statement."""
_Connection = psycopg.Connection[dict[str, Any]]

CONNECTIONS: Final = 8
TRIES: Final = 5
"""How often a function is run again after a conflict with another one."""
WAIT_S: Final = 5.0
"""How long to wait for a connection, and for a lock."""
_SETTINGS: Final = f"SET lock_timeout = '{int(WAIT_S)}s'"
_MIGRATIONS_LOCK: Final = 0x7E3A_0001
"""Any number, the same in every process: only one may migrate at a time."""
_PRESENCE_LOCK: Final = 0x7E3A_0002
"""Held by every process that is at work."""
_TRY_ALONE: Final = "SELECT pg_try_advisory_lock(%s) AS yes"


class PostgresTx:
    """An open transaction on PostgreSQL; see `database.Tx`."""

    __slots__ = ("_sql", "connection", "vault")

    def __init__(self, connection: _Connection, vault: Vault, sql: dict[str, str]) -> None:
        self.connection = connection
        self.vault = vault
        self._sql = sql

    def execute(self, name: str, /, **params: object) -> int:
        return self.connection.execute(self._sql[name], params).rowcount

    def one(self, name: str, /, **params: object) -> Row | None:
        return self.connection.execute(self._sql[name], params).fetchone()

    def all(self, name: str, /, **params: object) -> list[Row]:
        return list(self.connection.execute(self._sql[name], params).fetchall())


class PostgresStore:
    """See `database.Store`. Made by `open_url`."""

    def __init__(self, pool: ConnectionPool[_Connection], vault: Vault, url: str) -> None:
        self._pool = pool
        self._url = url
        self._presence: _Connection | None = None
        self._alone = False
        self._vault = vault
        self._sql = queries.for_postgres()
        self._closed = False
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="store")

    async def run(self, fn: Callable[[Tx], T]) -> T:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, fn)

    async def alone(self) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._present)

    def _present(self) -> bool:
        """A session of its own holds a shared lock for as long as this process lives."""
        if self._presence is not None:
            return self._alone
        try:
            session = psycopg.connect(self._url, row_factory=rows.dict_row, autocommit=True)
            asked = session.execute(_TRY_ALONE, (_PRESENCE_LOCK,)).fetchone()
            self._alone = bool(asked and asked["yes"])
            session.execute("SELECT pg_advisory_lock_shared(%s)", (_PRESENCE_LOCK,))
            if self._alone:
                session.execute("SELECT pg_advisory_unlock(%s)", (_PRESENCE_LOCK,))
        except psycopg.Error as exc:
            raise _unavailable(exc) from exc
        self._presence = session
        return self._alone

    async def close(self) -> None:
        self._closed = True
        if self._presence is not None:
            self._presence.close()
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._pool.close)

    def _run(self, fn: Callable[[Tx], T], tries: int = TRIES) -> T:
        try:
            return self._once(fn)
        except (errors.SerializationFailure, errors.DeadlockDetected) as exc:
            if tries == 1:
                raise _unavailable(exc) from exc
        except _OUT_OF_ORDER as exc:
            raise _unavailable(exc) from exc
        return self._run(fn, tries - 1)

    def _once(self, fn: Callable[[Tx], T]) -> T:
        with self._pool.connection() as connection, connection.transaction():
            try:
                return fn(PostgresTx(connection, self._vault, self._sql))
            except StopIteration as exc:  # a future refuses it, and its caller would wait for ever
                raise RuntimeError("the function raised StopIteration") from exc


def open_url(url: str, vault: Vault) -> PostgresStore:
    """See `database.open_store`."""
    pool = ConnectionPool(
        url,
        connection_class=psycopg.Connection[dict[str, Any]],
        kwargs={"row_factory": rows.dict_row, "autocommit": True},
        min_size=1,
        max_size=CONNECTIONS,
        timeout=WAIT_S,
        configure=_configure,
        check=ConnectionPool.check_connection,
        open=False,
    )
    try:
        with psycopg.connect(url, row_factory=rows.dict_row, autocommit=True) as connection:
            prepare(connection, vault)
        pool.open(wait=True, timeout=WAIT_S)
    except (psycopg.Error, PoolTimeout) as exc:
        pool.close()
        # Not the driver's text: it may quote the URL, and the URL holds a password.
        raise StoreUnavailable(f"PostgreSQL cannot be opened: {type(exc).__name__}") from None
    return PostgresStore(pool, vault, url)


def prepare(connection: _Connection, vault: Vault) -> None:
    """Apply pending steps and leave a key-check for the current key, all or nothing.

    Raises KeysWrong.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATIONS_LOCK,))
        checks = _key_checks(connection)
        vault.fits(checks)
        for name, statements in _pending(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute("INSERT INTO migrations (name) VALUES (%s)", (name,))
        if vault.current not in checks:
            kept = {"name": f"key_check.{vault.current}", "value": vault.key_check()}
            connection.execute(queries.for_postgres()["meta_set"], kept)


def _pending(connection: _Connection) -> list[tuple[str, tuple[str, ...]]]:
    if not _exists(connection, "migrations"):
        connection.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY)")
    done = {row["name"] for row in connection.execute("SELECT name FROM migrations")}
    return [(name, statements) for name, statements in schema.STEPS if name not in done]


def _key_checks(connection: _Connection) -> dict[str, str]:
    """Key id -> stored key-check; empty for a new database."""
    if not _exists(connection, "meta"):
        return {}
    found = connection.execute("SELECT name, value FROM meta WHERE name LIKE 'key_check.%'")
    return {row["name"].removeprefix("key_check."): row["value"] for row in found}


def _exists(connection: _Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL AS yes", (table,)).fetchone()
    return row is not None and bool(row["yes"])


def _configure(connection: _Connection) -> None:
    connection.execute(_SETTINGS)


def _unavailable(cause: Exception) -> StoreUnavailable:
    code = getattr(cause, "sqlstate", None) or type(cause).__name__
    return StoreUnavailable(
        f"nothing was written ({code}); try again, and look at PostgreSQL if it stays"
    )
