"""Every command of run.py has help and stands in the documentation."""

from __future__ import annotations

import re

import pytest

from bot import cli
from tests.house import tree

LISTED = re.compile(r"^    ([a-z][a-z-]*)(?:\s|$)", re.MULTILINE)


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as left:
        cli.main([*words, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


def commands(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, ...]]:
    """Every command with the words that call it: ("screen",), ("lessons", "check"), ..."""
    found: list[tuple[str, ...]] = []
    for name in LISTED.findall(help_of(capsys)):
        inner = LISTED.findall(help_of(capsys, name))
        found += [(name, word) for word in inner] or [(name,)]
    return found


def documented(words: tuple[str, ...], text: str) -> bool:
    """Whether the documentation shows the call, alone or as in `run.py lessons check|show`."""
    first, *rest = words
    calls = re.findall(rf"run\.py {first}\b([^`\n]*)", text)
    return bool(calls) and all(
        any(word in re.findall(r"[a-z-]+", call) for call in calls) for word in rest
    )


def test_every_command_stands_in_the_documentation(capsys: pytest.CaptureFixture[str]) -> None:
    pages = [tree.ROOT / "README.md", *sorted((tree.ROOT / "docs").glob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    found = commands(capsys)
    assert {"serve", "chat", "screen", "doctor", "lessons"} <= {words[0] for words in found}
    assert ("lessons", "check") in found
    assert [" ".join(words) for words in found if not documented(words, text)] == []
