"""Every dependency has its reason in docs/decisions.md, and the locks hold what the
lists ask for.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.house import tree

LISTS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "fonttools": "fontTools",
    "pillow": "PIL",
    "pyahocorasick": "ahocorasick",
    "python-multipart": "python_multipart",
    "python-telegram-bot": "telegram",
    "pyyaml": "yaml",
}
COMES_WITH = {"pydantic": "pydantic-settings", "psycopg_pool": "psycopg"}
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$")


def asked(list_name: str) -> dict[str, str]:
    """Name and version of each line of a list, without extras."""
    lines = (tree.ROOT / list_name).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    pinned = (re.sub(r"\[.*\]", "", line).partition("==") for line in wanted)
    return {name: version for name, _, version in pinned}


def locked(lock_name: str) -> dict[str, str]:
    """Name and version of each package in a lock."""
    text = (tree.ROOT / lock_name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.MULTILINE))


def reasons() -> dict[str, tuple[str, ...]]:
    """The rows of the tables in docs/decisions.md that begin with a package."""
    text = (tree.ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    rows = [match.groups() for match in map(ROW.match, text.splitlines()) if match]
    assert len(rows) == len({row[0] for row in rows}), "a dependency stands there twice"
    return {row[0]: row[1:] for row in rows}


def test_every_dependency_has_a_reason_and_every_reason_a_dependency() -> None:
    wanted = {name for list_name in LISTS for name in asked(list_name)}
    assert len(wanted) > 20
    assert wanted - set(reasons()) == set()
    assert set(reasons()) - wanted == set()


def imported(path: Path) -> set[str]:
    """The packages that a file imports, by the first part of their names."""
    found: set[str] = set()
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_a_dependency_is_imported_only_where_its_reason_says() -> None:
    imports = {tree.name(path): imported(path) for path in tree.code()}
    stray, looked = [], 0
    for package, (*_, places) in reasons().items():
        hidden_in = tuple(re.findall(r"`([^`]+)`", places))
        module = IMPORTED_AS.get(package, package.replace("-", "_"))
        users = [file for file, found in imports.items() if module in found]
        looked += len(users)
        stray += [f"{file} imports {package}" for file in users if not file.startswith(hidden_in)]
    assert looked > 20
    assert stray == []


def test_what_is_imported_is_asked_for() -> None:
    asked_for = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in asked("requirements.in")}
    known = asked_for | set(sys.stdlib_module_names) | {"bot", *COMES_WITH}
    found = {name for path in tree.code() for name in imported(path)}
    assert len(found) > 10
    assert found - known == set()


@pytest.mark.parametrize(("list_name", "lock_name"), LISTS.items())
def test_a_lock_holds_its_list(list_name: str, lock_name: str) -> None:
    wanted, held = asked(list_name), locked(lock_name)
    assert len(wanted) > 5
    assert {name: held.get(name) for name in wanted} == wanted


def test_both_locks_hold_the_same_versions() -> None:
    runtime, everything = locked("requirements.txt"), locked("requirements-dev.txt")
    assert len(runtime) > 20
    assert {name: everything.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock_name", LISTS.values())
def test_a_lock_is_pinned_by_hash_and_names_no_address(lock_name: str) -> None:
    text = (tree.ROOT / lock_name).read_text(encoding="utf-8")
    held = locked(lock_name)
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(held) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert [line for line in text.splitlines() if "://" in line or "--index" in line] == []
    assert "\n#    make lock\n" in text
