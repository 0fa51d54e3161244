"""kill -9 in the middle of traffic: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import crash


def sound(result: crash.Result) -> None:
    """The promises, as counts."""
    assert result.messages > 0
    assert result.kills > 0
    assert result.disclosures > 0
    assert result.unanswered == 0
    assert result.answered_twice == 0
    assert result.disclosures_kept == result.disclosures


def nothing_in_clear(folder: Path) -> None:
    """The planted sentence stands in no log line and in no file of the database."""
    looked = 0
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            looked += len(content)
            assert b"planted-sentence" not in content, path.name
            assert b"send my photo" not in content, path.name
    assert looked > 50_000


async def test_kill_in_the_middle(tmp_path: Path) -> None:
    result = await crash.run(tmp_path, rounds=2, messages=400, children=20)
    sound(result)
    nothing_in_clear(tmp_path)


@pytest.mark.soak
async def test_kill_in_the_middle_of_2000_messages_20_times(tmp_path: Path) -> None:
    result = await crash.run(tmp_path, rounds=20, messages=2_000, children=100)
    print(result)
    assert result.messages == 40_000
    assert result.kills == 20
    sound(result)
    nothing_in_clear(tmp_path)
