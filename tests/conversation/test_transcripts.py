"""Children's conversations as they happen, written down in tests/conversations/."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.messages import LANGUAGES
from tests.conversation import transcript
from tests.conversation.talk import ROOT

FOLDER = ROOT / "tests" / "conversations"
FILES = sorted(FOLDER.glob("*.txt"))
A_LANGUAGE = 15


def test_there_are_enough_in_every_language() -> None:
    counts = Counter(transcript.read(path).language for path in FILES)
    assert {language: counts[language] >= A_LANGUAGE for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, True
    )


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_conversation_goes_as_it_is_written(path: Path) -> None:
    written = transcript.read(path)
    assert sum(step.mark == "=" for step in written.steps) >= 4
    transcript.Play(written).run()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("language: en\n> hi\n= at menu\n", "line 3"),
        ("language: en\n> hi\n= says care.heard\n", "line 3"),
        ("language: en\n> i want to kill myself\n= not care.heard\n", "line 3"),
        ("language: en\n> i want to kill myself\n= case sent\n", "draft"),
        ("language: en\n> hi\n> [nothing]\n", "no choice nothing"),
        ("language: en\n> hi\n= sings\n", "no such check"),
    ],
)
def test_a_line_that_does_not_hold_is_named(tmp_path: Path, lines: str, told: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(lines)
    with pytest.raises(AssertionError, match=told):
        transcript.Play(transcript.read(path)).run()


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("language: en\nhello there\n")
    with pytest.raises(ValueError, match=r"x\.txt:2"):
        transcript.read(path)
    path.write_text("> hi\n")
    with pytest.raises(ValueError, match="language"):
        transcript.read(path)
