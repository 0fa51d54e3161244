"""Fresh == migrated, the same tables on both databases, and no statement without a use."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.errors import KeysWrong, StoreUnavailable
from bot.store import queries, schema
from bot.store.database import open_store
from bot.store.vault import Vault, invent_key, parse_keys

RELEASED = Path(__file__).parent / "released"
"""For each step the whole schema once that step was released; these files never change."""
NAMES = [name for name, _ in schema.STEPS]


def layout(path: Path) -> list[str]:
    """Every statement that made the schema, spaces apart, and which steps were applied."""
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        steps = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
        return sorted(" ".join(sql.split()) for (sql,) in made) + [name for (name,) in steps]


def opened(path: Path, vault: Vault, loop: asyncio.Runner) -> list[str]:
    loop.run(open_store(f"sqlite:///{path}", vault).close())
    return layout(path)


def test_every_step_has_its_released_schema() -> None:
    assert NAMES
    assert sorted(path.stem for path in RELEASED.glob("*.sql")) == NAMES == sorted(NAMES)


@pytest.mark.parametrize("step", NAMES)
def test_fresh_is_what_an_old_database_becomes(
    tmp_path: Path, vault: Vault, loop: asyncio.Runner, step: str
) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((RELEASED / f"{step}.sql").read_text(encoding="utf-8"))
    assert layout(old)[-1] == step
    fresh = opened(tmp_path / "fresh.db", vault, loop)
    assert len(fresh) > 20
    assert opened(old, vault, loop) == fresh
    assert opened(old, vault, loop) == fresh


def test_both_databases_have_the_same_tables(
    tmp_path: Path, vault: Vault, loop: asyncio.Runner, postgres_url: str
) -> None:
    path = tmp_path / "x.db"
    opened(path, vault, loop)
    with closing(sqlite3.connect(path)) as connection:
        columns = connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name <> '_sqlite_migrations'"
        ).fetchall()
    loop.run(open_store(postgres_url, vault).close())
    with psycopg.connect(postgres_url) as other:
        there = other.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name <> 'migrations'"
        ).fetchall()
    assert len(columns) > 60
    assert sorted(columns) == sorted(there)


def test_postgres_opens_again_and_refuses_a_wrong_key(
    postgres_url: str, vault: Vault, key_text: str, loop: asyncio.Runner
) -> None:
    for _ in range(2):
        loop.run(open_store(postgres_url, vault).close())
    with psycopg.connect(postgres_url) as connection:
        before = connection.execute("SELECT * FROM meta").fetchall()
        assert before
        with pytest.raises(KeysWrong):
            open_store(postgres_url, Vault(parse_keys(f"first:{invent_key()}")))
        assert connection.execute("SELECT * FROM meta").fetchall() == before
    ring = Vault(parse_keys(f"second:{invent_key()},{key_text}"))
    loop.run(open_store(postgres_url, ring).close())


def test_a_server_that_is_not_there_does_not_spill_the_password(vault: Vault) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql://teman:geheim@127.0.0.1:1/x", vault)
    assert "geheim" not in str(caught.value)


def test_every_statement_is_used_and_every_used_one_is_there() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in queries.FILE.parent.glob("*.py"))
    used = set(re.findall(r"tx\.(?:execute|one|all)\(\s*\"([a-z_]+)\"", code))
    used |= set(re.findall(r"queries\.for_[a-z]+\(\)\[\"([a-z_]+)\"\]", code))
    there = set(queries.for_sqlite())
    assert len(used) > 60
    assert used == there


def test_statements_are_read_for_each_database() -> None:
    sqlite, postgres = queries.for_sqlite(), queries.for_postgres()
    assert sqlite.keys() == postgres.keys()
    assert sqlite["chat_by_id"].endswith("WHERE c.id = :id")
    assert postgres["chat_by_id"].endswith("WHERE c.id = %(id)s FOR UPDATE OF c")
    assert [name for name, sql in sqlite.items() if "--" in sql or not sql] == []
    assert [name for name, sql in sqlite.items() if "FOR UPDATE" in sql] == []
