"""A store on each database that is present: SQLite always, PostgreSQL where its programs are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import Store, Tx, open_store
from bot.store.vault import Vault, invent_key, parse_keys

Fn = Callable[[Tx], Any]


@pytest.fixture(scope="session")
def key_text() -> str:
    return f"first:{invent_key()}"


@pytest.fixture
def vault(key_text: str) -> Vault:
    return Vault(parse_keys(key_text))


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "teman.db"


@pytest.fixture
def sqlite_store(sqlite_file: Path, vault: Vault, loop: asyncio.Runner) -> Iterator[Store]:
    store = open_store(f"sqlite:///{sqlite_file}", vault)
    yield store
    loop.run(store.close())


@pytest.fixture
def postgres_store(postgres_url: str, vault: Vault, loop: asyncio.Runner) -> Iterator[Store]:
    store = open_store(postgres_url, vault)
    yield store
    loop.run(store.close())


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each test that asks for this runs on both databases."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def run(store: Store, loop: asyncio.Runner) -> Callable[[Fn], Any]:
    """`run(fn)`: fn in a transaction of its own."""
    return lambda fn: loop.run(store.run(fn))


@pytest.fixture
def run_all(store: Store, loop: asyncio.Runner) -> Callable[[list[Fn]], list[Any]]:
    """`run_all(fns)`: all at once; results and exceptions in order."""

    async def together(fns: list[Fn]) -> list[Any]:
        return await asyncio.gather(*(store.run(fn) for fn in fns), return_exceptions=True)

    return lambda fns: loop.run(together(fns))
