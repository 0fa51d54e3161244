"""kill -9 while a class answers over Telegram and WhatsApp: nobody is left without an answer,
nobody loses their place, and nothing is sent more often than once again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platforms.stage import DOORS, Door
from tests.soak import platform_crash
from tests.soak.platform_crash import Result
from tests.soak.test_crash import nothing_in_clear


def sound(result: Result) -> None:
    """The promises, as counts."""
    assert result.kills > 1
    assert result.messages > result.kills
    assert result.unanswered == 0
    assert result.lost_place == 0
    assert result.repeated_twice == 0
    assert result.disclosures == result.cared_for > 0


@pytest.mark.parametrize("door", DOORS)
def test_kill_while_a_class_answers(tmp_path: Path, door: Door) -> None:
    result = platform_crash.run(tmp_path, door, rounds=1, children=12)
    sound(result)
    nothing_in_clear(tmp_path)


def test_kill_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    sound(platform_crash.run(tmp_path, "whatsapp", rounds=1, children=12, database=postgres_url))


@pytest.mark.soak
@pytest.mark.parametrize("door", DOORS)
def test_kill_again_and_again(tmp_path: Path, door: Door) -> None:
    for number in range(5):
        folder = tmp_path / str(number)
        folder.mkdir()
        result = platform_crash.run(folder, door, rounds=4, children=60, seed=number)
        print(door, number, result)
        sound(result)
        nothing_in_clear(folder)
