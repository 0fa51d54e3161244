"""A user's words come out of their wrapper in few places, and never into a log, a message or an
exception.
"""

from __future__ import annotations

import ast

from tests.house import tree

MAY_REVEAL = {
    "bot/conversation/content.py",  # the address of a page to take down
    "bot/conversation/engine.py",  # is it a command?
    "bot/conversation/reply.py",  # does it answer the question that stands open?
    "bot/conversation/report.py",  # is it the reference, asked for before a report is withdrawn?
    "bot/conversation/routing.py",  # when and how the child may be answered
    "bot/handoff/packet.py",  # to the intake
    "bot/host/apply.py",  # a worker's line, to the child
    "bot/host/receive.py",  # screened before anything else; sealed in an incident
    "bot/store/reports.py",  # sealed
    "bot/web/desk_page.py",  # to the worker who claimed the report
}
"""The files that need the text itself: to screen, to compare, to encrypt, to show to the reader it
is meant for.
"""

TELLING = {"print", "debug", "info", "warning", "error", "exception", "critical", "log", "repr"}


def revealing(node: ast.AST) -> bool:
    """Whether a call of reveal() stands in this piece of code."""
    return any(
        isinstance(inner, ast.Attribute) and inner.attr == "reveal" for inner in ast.walk(node)
    )


def tells(node: ast.AST) -> bool:
    """Whether this piece of code tells somebody something: a log line, a print, an exception."""
    if isinstance(node, ast.Raise):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return word in TELLING


def test_words_are_revealed_where_allowed() -> None:
    found = {tree.name(path) for path in tree.code() if revealing(tree.parsed(path))}
    assert found
    assert found - MAY_REVEAL == set()
    assert MAY_REVEAL - found == set(), "no longer needed: strike it from the list"


def test_words_are_never_told() -> None:
    told, looked = [], 0
    for path in tree.code():
        for node in ast.walk(tree.parsed(path)):
            if tells(node):
                looked += 1
                if revealing(node):
                    told.append(f"{tree.name(path)}:{getattr(node, 'lineno', 0)}")
    assert looked > 20
    assert told == []


def test_the_guard_sees_a_fault() -> None:
    planted = ast.parse(
        "def f():\n    log.info('%s', words.reveal())\n    raise E(words.reveal())\n"
    )
    assert sum(tells(node) and revealing(node) for node in ast.walk(planted)) == 2
