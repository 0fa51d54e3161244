"""The thirty behaviours of care.md: each has a test named after its number, and docs/care.md says
which.
"""

from __future__ import annotations

import re
from collections import defaultdict

from tests.house import tree

NUMBERED = re.compile(r"test_(\d\d)_")
ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
CARE = tree.ROOT / "docs" / "care.md"


def found() -> dict[int, set[str]]:
    """The tests of each number."""
    named: dict[int, set[str]] = defaultdict(set)
    for path in tree.code("tests"):
        for node in tree.functions(path):
            if number := NUMBERED.match(node.name):
                named[int(number[1])].add(node.name)
    return named


def test_every_behaviour_has_a_test_of_its_number() -> None:
    named = found()
    assert sorted(set(range(1, 31)) - set(named)) == []
    assert sorted(set(named) - set(range(1, 31))) == []


def test_the_table_in_the_documentation_names_them() -> None:
    table = CARE.read_text(encoding="utf-8").split("## Which test holds which behaviour")[1]
    listed = {int(n): set(re.findall(r"`(test_\w+)`", tests)) for n, tests in ROW.findall(table)}
    assert len(listed) == 30
    assert listed == dict(found())
