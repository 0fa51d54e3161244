"""The committed model: made from what lies here, refused when damaged; training is repeatable."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.errors import ContentWrong
from bot.safeguarding import (
    assess,
    calibration,
    compiled,
    evaluation,
    figures,
    lines,
    match,
    model,
    rules,
    senses,
    training,
    workshop,
)
from bot.safeguarding.figures import Share
from bot.safeguarding.workshop import Made, Material

CORPUS = lines.read()
SCREEN = assess.load()


def test_the_model_is_of_this_corpus_and_these_rules() -> None:
    assert model.load().stamp == workshop.stamp(), "run.py safeguarding train"
    assert compiled.load(SCREEN.stamp, compiled.RULES) is not None
    assert compiled.load(senses.stamp(), compiled.SENSES) is not None


def test_it_is_small() -> None:
    assert model.PATH.stat().st_size < 12_000_000


@pytest.fixture(scope="module")
def held() -> list[figures.Judged]:
    return evaluation.held_back(CORPUS, model.stored())


def test_no_figure_of_the_briefs_held_back_is_below_its_floor(held: list[figures.Judged]) -> None:
    assert len(held) > 2000
    assert evaluation.floors_broken(held) == []


def test_a_floor_can_break(held: list[figures.Judged], tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text('{"ms": {"indirect heard": 1.0, "false alarms, hard": 0.0}}', "utf-8")
    broken = evaluation.floors_broken(held, path)
    assert len(broken) == 2


def test_compiled_rules_find_what_the_rules_find() -> None:
    files, _ = rules.read(assess.RULES)
    anew = match.Matcher(files)
    assert anew.tables() == compiled.load(SCREEN.stamp, compiled.RULES)
    assert senses.tables() == compiled.load(senses.stamp(), compiled.SENSES)


@pytest.mark.parametrize("change", ["cut", "altered", "empty", "missing", "version"])
def test_a_damaged_model_stops_the_start(tmp_path: Path, change: str) -> None:
    path = tmp_path / "model.bin"
    data = model.PATH.read_bytes()
    body = msgspec.msgpack.decode(data[32:], type=model.Stored)
    match change:
        case "cut":
            path.write_bytes(data[:-100])
        case "altered":
            path.write_bytes(data[:5000] + b"\0" + data[5001:])
        case "empty":
            model.save(msgspec.structs.replace(body, weights=b"", vocabulary=""), path)
        case "version":
            model.save(msgspec.structs.replace(body, version=0), path)
    with pytest.raises(ContentWrong, match=r"run\.py safeguarding train"):
        assess.load(learnt=path)


@pytest.fixture(scope="module")
def few() -> Material:
    """Some of the corpus, of all ways of writing: a model of it takes seconds."""
    some = [x for i, x in enumerate(CORPUS.clear(held=False)) if i % 20 == 0]
    return Material(CORPUS, some, assess.by_rules())


def test_training_twice_gives_the_same_bytes(few: Material) -> None:
    def learnt() -> bytes:
        pieces = training.pieces(few.split)
        weights, bias = training.fit(pieces.rows(few.split), few.lines)
        assert weights.any()
        return "\n".join(pieces.names).encode() + weights.tobytes() + bias.tobytes()

    assert learnt() == learnt()


def test_a_model_of_few_lines_hears_more_than_chance(few: Material) -> None:
    made = Made(few)
    told = np.array([line.told for line in few.lines])
    assert made.shares[told, 0].mean() > made.shares[~told, 0].mean() + 0.2
    judged = few.judged(made.shares, made.limits)
    assert figures.measure(judged, "false alarms, everyday").value < 0.2


def test_no_brief_is_on_both_sides_of_a_fold(few: Material) -> None:
    fold_of = calibration.folds(few.sheets)
    sides: dict[str, set[int]] = {}
    for brief, fold in zip(few.sheets, fold_of.tolist(), strict=True):
        sides.setdefault(brief, set()).add(fold)
    assert len(set(fold_of.tolist())) == calibration.FOLDS
    assert all(len(folds) == 1 for folds in sides.values())


def test_wilson_intervals() -> None:
    low, high = Share(81, 100).interval
    assert low == pytest.approx(0.722, abs=0.002)
    assert high == pytest.approx(0.875, abs=0.002)
    assert Share(0, 0).interval == (0.0, 1.0)
