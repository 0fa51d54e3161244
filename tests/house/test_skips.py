"""A test is left out by tests/requirement.py alone, which CI turns into a failure."""

from __future__ import annotations

import ast

from tests.house import tree

LEAVES_OUT = {"skip", "skipif", "importorskip", "xfail", "skipTest"}
MAY = {"tests/requirement.py"}


def leaves_out(source: ast.AST) -> list[int]:
    """The lines that leave a test out: pytest.skip(...), @pytest.mark.skip, self.skipTest(...)."""
    called = [node.func for node in ast.walk(source) if isinstance(node, ast.Call)]
    marks = [node for node in ast.walk(source) if isinstance(node, ast.Attribute)]
    found = [node for node in called if ast.unparse(node).startswith(("pytest.", "self.skip"))]
    found += [node for node in marks if ast.unparse(node.value).endswith("mark")]
    return sorted(
        {n.lineno for n in found if isinstance(n, ast.Attribute) and n.attr in LEAVES_OUT}
    )


def test_no_test_skips_by_itself() -> None:
    looked = tree.code("tests")
    found = {tree.name(path): leaves_out(tree.parsed(path)) for path in looked}
    assert len(looked) > 10
    assert found["tests/requirement.py"], "the guard no longer sees the one skip there is"
    assert {where: lines for where, lines in found.items() if lines and where not in MAY} == {}


def test_every_test_file_holds_a_test() -> None:
    looked = [path for path in tree.code("tests") if path.name.startswith("test_")]
    assert len(looked) > 5
    empty = [
        tree.name(path)
        for path in looked
        if not any(node.name.startswith("test_") for node in tree.functions(path))
    ]
    assert empty == []


def test_test_files_have_different_names() -> None:
    names = [path.name for path in tree.code("tests") if path.name.startswith("test_")]
    assert len(names) > 5
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_guard_sees_a_fault() -> None:
    planted = (
        "pytest.skip('no')\n"
        "pytest.mark.skipif(True, reason='no')\n"
        "self.skipTest('no')\n"
        "pytest.importorskip('x')\n"
        "pytest.skip.Exception\n"
    )
    assert leaves_out(ast.parse(planted)) == [1, 2, 3, 4]
