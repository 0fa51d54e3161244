"""Settings are read once: no other file of the bot looks into the environment."""

from __future__ import annotations

import ast

from tests.house import tree

READERS = {"environ", "environb", "getenv"}
MAY_READ = {"bot/settings.py"}


def reads(node: ast.AST) -> bool:
    """Whether this node names the environment."""
    if isinstance(node, ast.Attribute):
        return node.attr in READERS and isinstance(node.value, ast.Name) and node.value.id == "os"
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "os"
        and any(alias.name in READERS for alias in node.names)
    )


def test_only_settings_read_the_environment() -> None:
    looked = tree.code()
    found = {tree.name(p) for p in looked if any(reads(n) for n in ast.walk(tree.parsed(p)))}
    assert len(looked) > 20
    assert found - MAY_READ == set()


def test_the_guard_sees_a_fault() -> None:
    for planted in (
        "import os\nos.environ['A']",
        "import os\nos.getenv('A')",
        "from os import environ",
    ):
        assert any(reads(node) for node in ast.walk(ast.parse(planted)))
