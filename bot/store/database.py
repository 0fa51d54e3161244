"""How the store is spoken to: a function runs in one transaction, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from bot.errors import SettingsWrong
from bot.store.vault import Vault

T = TypeVar("T")
Row = Mapping[str, Any]
_SQLITE: Final = "sqlite:///"
_POSTGRES: Final = ("postgresql://", "postgres://")


class Tx(Protocol):
    """One open transaction. `name` is a statement's name in queries.sql; `params` are its named
    parameters.
    """

    @property
    def vault(self) -> Vault: ...

    def execute(self, name: str, /, **params: object) -> int:
        """How many rows the statement changed."""
        ...

    def one(self, name: str, /, **params: object) -> Row | None:
        """The first row, or None."""
        ...

    def all(self, name: str, /, **params: object) -> list[Row]:
        """Every row."""
        ...


class Store(Protocol):
    """A database that runs functions."""

    async def run(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn(tx)` in a transaction and return its result once that is committed.

        `fn` may be run more than once, so it has no outside effect; time and ids are drawn before.
        Any exception of `fn` undoes what `fn` did, and nothing else, and is raised here. Raises
        StoreUnavailable when the transaction could not be committed: the same call may be tried
        again later. A caller that is cancelled does not know whether the function was run.
        """
        ...

    async def alone(self) -> bool:
        """Whether no other process was at work on this database when this one first asked. From
        then on others are told of this one. Raises StoreUnavailable.
        """
        ...

    async def close(self) -> None:
        """Finish what was handed over, then let go of the database. Later calls of `run` raise
        StoreUnavailable.
        """
        ...


def open_store(url: str, vault: Vault) -> Store:
    """Open `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`, and bring its
    schema up to date.

    Raises KeysWrong, with nothing touched, when the database was made with keys that `vault` lacks;
    SettingsWrong for another kind of URL; StoreUnavailable when the database cannot be opened.
    """
    # Imported here: whoever runs on SQLite does not load the PostgreSQL driver.
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        from bot.store import sqlite_file

        return sqlite_file.open_store(Path(url.removeprefix(_SQLITE)), vault)
    if url.startswith(_POSTGRES):
        from bot.store import postgres

        return postgres.open_url(url, vault)
    raise SettingsWrong("DATABASE_URL starts with sqlite:/// (and a path) or postgresql://")


async def check(store: Store) -> None:
    """For readiness: raises StoreUnavailable unless a write transaction can begin and end now."""
    await store.run(_touch)


def _touch(tx: Tx) -> None:
    tx.execute("meta_set", name="ready", value="yes")
