"""Opening a SQLite file: who may read it, the settings of a connection, schema and key-check."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from bot.errors import SettingsWrong, StoreUnavailable
from bot.store import queries, schema
from bot.store.presence import Presence
from bot.store.sqlite import SqliteStore
from bot.store.vault import Vault

BUSY_MS: Final = 5_000
"""How long to wait while another process (the command line) writes."""
_KEY_CHECK: Final = "key_check."
_PRAGMAS: Final = (
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)


def open_store(path: Path, vault: Vault) -> SqliteStore:
    """See `database.open_store`. A new file is readable by its owner alone."""
    try:
        if path.exists() and path.stat().st_size:
            _check_untouched(path, vault)
        else:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = connect(path)
    except (sqlite3.Error, OSError) as exc:
        raise StoreUnavailable(f"the database file cannot be opened: {type(exc).__name__}") from exc
    try:
        prepare(connection, vault)
    except sqlite3.Error as exc:
        connection.close()
        raise StoreUnavailable(f"the database cannot be brought up to date: {exc}") from exc
    except BaseException:
        connection.close()
        raise
    return SqliteStore(connection, vault, Presence(path))


def connect(path: Path) -> sqlite3.Connection:
    """A connection with everything set that Teman relies on."""
    connection = sqlite3.connect(
        path,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, vault: Vault) -> None:
    """Apply pending migrations and leave a key-check for the current key, all or nothing. Raises
    KeysWrong.
    """
    steps = schema.migrations()
    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    checks = _key_checks(connection)
    vault.fits(checks)
    if vault.current in checks and not steps.pending(db):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        steps.apply(db)
        # Read again, now under the lock: another process may have come first, with its own key.
        vault.fits(_key_checks(connection))
        sql = queries.for_sqlite()["meta_set"]
        connection.execute(
            sql, {"name": f"{_KEY_CHECK}{vault.current}", "value": vault.key_check()}
        )
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.rollback()


def _check_untouched(path: Path, vault: Vault) -> None:
    """Look at the key-check through a read-only connection, so that a wrong key changes no byte."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_MS / 1000
    )
    try:
        vault.fits(_key_checks(connection))
    finally:
        connection.close()


def _key_checks(connection: sqlite3.Connection) -> dict[str, str]:
    """Key id -> stored key-check; empty for a new database."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None:
            raise SettingsWrong("DATABASE_URL points to a database that is not Teman's")
        return {}
    rows = dict(connection.execute(queries.for_sqlite()["meta_all"]))
    return {
        name.removeprefix(_KEY_CHECK): value
        for name, value in rows.items()
        if name.startswith(_KEY_CHECK)
    }
