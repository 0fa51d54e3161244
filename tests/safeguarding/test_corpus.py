"""The corpus: whole, free of near-copies, split by brief, and what its README says of it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.errors import ContentWrong
from bot.safeguarding import lines
from bot.safeguarding.lines import Line

CORPUS = lines.read()
LEAST_TOLD = {"ms": 1000, "en": 900, "zh": 1000, "ta": 1000, "ta-Latn": 900}
LEAST_NOT = {"ms": 1200, "en": 800, "zh": 1200, "ta": 1100, "ta-Latn": 1000}


@pytest.mark.parametrize("script", lines.SCRIPTS)
def test_there_are_enough_lines_of_both_sides(script: str) -> None:
    mine = [line for line in CORPUS.lines if CORPUS.brief(line).script == script]
    written = [line for line in mine if line.manner != "real"]
    assert sum(line.told for line in written) >= LEAST_TOLD[script]
    assert sum(not line.told for line in written) >= LEAST_NOT[script]


@pytest.mark.parametrize("script", lines.SCRIPTS)
def test_every_harm_and_urgency_is_told_in_every_writing(script: str) -> None:
    told = [x for x in CORPUS.lines if x.told and CORPUS.brief(x).script == script]
    assert len({harm for line in told for harm in line.harms}) == 10
    assert {line.level for line in told} == {"concern", "urgent", "emergency"}
    assert {line.about for line in told} >= {"self", "friend", "own_child", "pupil"}


def test_labels_agree_with_themselves() -> None:
    for line in CORPUS.lines:
        assert line.told == (line.manner in ("plain", "indirect", "plea"))
        assert line.told == bool(line.harms)
        assert line.text.strip() == line.text
        assert line.text


@pytest.mark.parametrize("script", lines.SCRIPTS)
def test_no_line_is_nearly_another(script: str) -> None:
    mine = [line for line in CORPUS.lines if CORPUS.brief(line).script == script]
    assert len(mine) > 1000
    assert lines.near_copies([x for x in mine if x.manner != "real"]) == []


def test_near_copies_are_found() -> None:
    first = Line("b", "he says he will show everyone my picture tonight", "plain")
    again = Line("b", "He says he will show everyone my picture tonight!!", "plain")
    other = Line("b", "my shoes are in the bin again", "indirect")
    assert lines.near_copies([first, other, again]) == [(0, 2)]


def test_both_sides_of_the_split_hold_all_kinds_and_share_no_brief() -> None:
    kinds = Counter(
        (CORPUS.brief(x).held, CORPUS.brief(x).script, x.manner)
        for x in CORPUS.lines
        if x.manner not in ("real", "plea")
    )
    assert len(kinds) == 2 * 5 * 4
    assert min(kinds.values()) >= 20
    used = {line.brief for line in CORPUS.lines}
    assert used == set(CORPUS.briefs)


def test_there_is_nothing_that_names_or_leads_to_anybody() -> None:
    number = re.compile(r"(?<!\d)(\+?60|0)1?\d[- ]?\d{7,8}(?!\d)|https?://|@[a-z]{4,}\.(com|my)")
    written = [line for line in CORPUS.lines if line.manner != "real"]
    assert written
    assert [line.brief for line in written if number.search(line.text)] == []


def test_a_damaged_corpus_is_named(tmp_path: Path) -> None:
    (tmp_path / "briefs.jsonl").write_text("{", "utf-8")
    with pytest.raises(ContentWrong, match=r"briefs\.jsonl, line 1"):
        lines.read(tmp_path)


def test_a_line_does_not_print_its_words() -> None:
    assert "secret" not in repr(Line("b", "secret", "plain"))
