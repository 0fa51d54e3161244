"""A PostgreSQL of the tests' own, where its programs are: fixtures for every folder."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import requirement

_schemas = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The socket folder of a server of our own."""
    programs = _programs()
    requirement.require("postgres", programs)
    folder = Path(tempfile.mkdtemp(prefix="teman-pg-"))
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = str(folder / "data")
    made = [f"{programs}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*made, "--no-sync"], user=user, check=True, capture_output=True, cwd=folder)
    fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50"]
    settings = [part for setting in fast for part in ("-c", setting)]
    server = subprocess.Popen(
        [f"{programs}/postgres", "-D", data, "-k", str(folder), "-h", "", *settings],
        user=user,
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(_url(folder), server)
        yield str(folder)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder)


def _programs() -> Path | None:
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    found = known[-1] if known else Path(on_path) if on_path else None
    return found.resolve().parent if found else None


def _url(folder: Path | str) -> str:
    return f"postgresql:///postgres?host={folder}&user=postgres"


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert server.poll() is None, "PostgreSQL did not start"
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("PostgreSQL does not answer")


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty schema of its own."""
    name = f"t{next(_schemas)}"
    with psycopg.connect(_url(postgres_server), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{_url(postgres_server)}&options=-csearch_path%3D{name}"
