"""One file, one job; short functions; names that say what is inside."""

from __future__ import annotations

import statistics

from tests.house import tree

LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 10
LONGEST_FILE = 300
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common", "base"}


def test_functions_are_short() -> None:
    lengths = {
        f"{tree.name(path)}:{node.lineno} {node.name}": tree.length(node)
        for path in tree.code()
        for node in tree.functions(path)
    }
    assert len(lengths) > 100
    assert {where: n for where, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) < MEDIAN_FUNCTION


def test_files_are_short() -> None:
    lengths = {
        tree.name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in tree.code()
    }
    assert len(lengths) > 20
    assert {where: n for where, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_name_is_vague() -> None:
    stems = {tree.name(path): path.stem for path in tree.code() + tree.code("tests")}
    assert len(stems) > 20
    assert [where for where, stem in stems.items() if VAGUE & set(stem.split("_"))] == []


def test_every_package_says_it_is_one() -> None:
    folders = {path.parent for path in tree.code()}
    assert len(folders) > 5
    assert [tree.name(f) for f in folders if not (f / "__init__.py").exists()] == []
