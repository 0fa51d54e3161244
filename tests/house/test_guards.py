"""The guards of `make check` are seen red: each on faults planted in a copy of the house."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

LINT_IMPORTS = ("-c", "from importlinter.cli import lint_imports_command as lint; lint()")
FUTURE = "from __future__ import annotations\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the bot's code and of the tools' settings."""
    for path in tree.code():
        to = tmp_path / path.relative_to(tree.ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, *command: str) -> tuple[int, str]:
    """The exit status of a tool run in a folder, and all that it said, spaces folded."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def add(folder: Path, file: str, line: str) -> None:
    """Put one more line at the end of a file, which may be new."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else FUTURE
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")


FLOORS = {
    "bot/errors.py": ("import bot.app", "bot.errors is not allowed to import bot.app"),
    "bot/store/planted.py": (
        "import bot.channels",
        "bot.store is not allowed to import bot.channels",
    ),
    "bot/library/planted.py": (
        "import bot.safeguarding",
        "bot.library is not allowed to import bot.safeguarding",
    ),
    "bot/conversation/planted.py": (
        "import asyncio",
        "bot.conversation is not allowed to import asyncio",
    ),
    "bot/language/planted.py": ("import sqlite3", "bot.language is not allowed to import sqlite3"),
    "bot/handoff/packet.py": (
        "import httpx",
        "bot.handoff.packet is not allowed to import httpx",
    ),
    "bot/web/planted.py": ("import bot.settings", "bot.web.planted -> bot.settings"),
    "bot/stray.py": ("", "bot.stray"),
}


def test_imports_that_point_up_or_sideways_are_seen(copy: Path) -> None:
    status, said = run(copy, *LINT_IMPORTS, "--no-logo", "--no-cache")
    assert status == 0, said
    for file, (line, _) in FLOORS.items():
        add(copy, file, line)
    status, said = run(copy, *LINT_IMPORTS, "--no-logo", "--no-cache")
    assert status != 0
    assert [expected for _, expected in FLOORS.values() if expected not in said] == []
    assert "Contracts: 0 kept, 3 broken" in said


BANNED = {
    "import os\n\nHOME = os.environ": "os.environ",
    "import time\n\nNOW = time.time()": "time.time",
    "import datetime\n\nNOW = datetime.datetime.now(datetime.UTC)": "datetime.datetime.now",
    "from random import choice\n\nPICK = choice": "random",
    "import uuid\n\nNEW = uuid.uuid4()": "uuid.uuid4",
}
PURE = (
    "bot/conversation/planted.py",
    "bot/safeguarding/planted.py",
    "bot/library/planted.py",
    "bot/language/planted.py",
    "bot/handoff/packet.py",
    "bot/texts.py",
    "bot/messages.py",
    "bot/newcomer.py",
)


def banned_in(folder: Path) -> set[tuple[str, str]]:
    """Which files use which banned names, as ruff sees it."""
    command = (
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--select",
        "TID251",
        "--output-format",
        "concise",
    )
    done = subprocess.run(
        [sys.executable, *command, "."], cwd=folder, capture_output=True, text=True, check=False
    )
    found = re.findall(r"^(\S+?):\d+:\d+: TID251 `([\w.]+)` is banned", done.stdout, re.MULTILINE)
    return set(found)


def test_the_clock_chance_and_the_environment_are_banned_where_it_thinks(copy: Path) -> None:
    assert banned_in(copy) == set()
    for file in PURE:
        for line in BANNED:
            add(copy, file, line)
    add(copy, "bot/host/planted.py", "\n".join(BANNED))
    assert banned_in(copy) == {(file, name) for file in PURE for name in BANNED.values()}


LINT = {
    "from bot.errors import TemanError": "F401",
    "def f() -> None:\n    try:\n        f()\n    except Exception:\n        pass": "BLE001",
    "print('a child said')": "T201",
    "LONG = '" + "x" * 100 + "'": "E501",
    "import yaml\n\nyaml.load('', yaml.Loader)": "S506",
    "import datetime\n\nNOW = datetime.datetime.utcnow()": "DTZ003",
}


def test_faults_that_lint_knows_are_seen(tmp_path: Path) -> None:
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    add(tmp_path, "bot/host/planted.py", "A = 1")
    command = ("-m", "ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert run(tmp_path, *command)[0] == 0
    for line in LINT:
        add(tmp_path, "bot/host/planted.py", line)
    status, said = run(tmp_path, *command)
    assert status != 0
    assert [rule for rule in LINT.values() if f" {rule} " not in said] == []


def test_code_out_of_form_is_seen(tmp_path: Path) -> None:
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    add(tmp_path, "bot/planted.py", "a  =  {'b':1}")
    status, said = run(tmp_path, "-m", "ruff", "format", "--no-cache", "--check", ".")
    assert status == 1
    assert "bot/planted.py" in said
    assert "1 file would be reformatted" in said


TYPES = {
    "def untyped(a): return a": "no-untyped-def",
    "COUNT: int = 'one'": "assignment",
    "def bare(a: list) -> None: ...": "type-arg",
    "from typing import Any\ndef leak(a: Any) -> int: return a": "no-any-return",
    "X: int = 1  # type: ignore": "unused-ignore",
}


def test_loose_types_are_seen_in_the_code_and_in_its_tests(tmp_path: Path) -> None:
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    for folder in ("bot", "tests", "bench"):
        add(tmp_path, f"{folder}/planted.py", "A = 1")
    add(tmp_path, "run.py", "A = 1")
    status, said = run(tmp_path, "-m", "mypy")
    assert status == 0, said
    for folder in ("bot", "tests"):
        for line in TYPES:
            add(tmp_path, f"{folder}/planted.py", line)
    status, said = run(tmp_path, "-m", "mypy")
    assert status == 1, said
    for folder in ("bot", "tests"):
        for code in TYPES.values():
            assert re.search(rf"{folder}/planted\.py:\d+: error: [^\[]*\[[^\]]*{code}", said), code
