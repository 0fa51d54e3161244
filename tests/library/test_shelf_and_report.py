"""The library as a whole, and what is told about it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.errors import ContentWrong
from bot.library import catalogs, report, reviews, shelf, tree
from bot.messages import LANGUAGES
from tests.library.project import Project


def test_the_library_opens_with_everything_in_it(content: Project) -> None:
    catalogs.compile(content.root)
    library = shelf.open_library(content.root)
    assert [lesson.id for lesson in library.menu("10-12")] == ["B1"]
    assert library.texts.get("zh", "lessons.B1.title") == "好"
    assert library.helplines.always()[0].phone == "999"
    for language in LANGUAGES:
        assert library.draft("B1", language)
        assert len(set(library.return_words(language))) >= 120


def test_a_library_without_compiled_texts_does_not_open(content: Project) -> None:
    with pytest.raises(ContentWrong, match="run make venv"):
        shelf.open_library(content.root)


def test_a_reviewed_text_is_no_draft(content: Project) -> None:
    digest = reviews.digest("B1", tree.read(content.root).tables["zh"])
    old = "zh: {state: drafted"
    content.swap("lessons/reviews.yaml", old, f"zh: {{state: reviewed, text: {digest}")
    catalogs.compile(content.root)
    library = shelf.open_library(content.root)
    assert not library.draft("B1", "zh")
    assert library.draft("B1", "ta")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("state: drafted", "state: perfect", "reviews.yaml: Invalid enum value"),
        ("by: Teman, ", "", "missing required field `by`"),
        ("state: drafted", "state: reviewed", "reviewed without the digest"),
    ],
)
def test_reviews_that_say_nothing_are_refused(
    content: Project, old: str, new: str, told: str
) -> None:
    content.swap("lessons/reviews.yaml", old, new)
    with pytest.raises(ContentWrong, match=told):
        reviews.load(content.root)


def test_the_statistics_tell_counts_and_states(content: Project) -> None:
    lines = report.stats(content.root).splitlines()
    count = len(tree.read(content.root).entries)
    assert f"texts: {count}, lessons: 1" in lines
    assert f"  zh: {count} of {count} (100 %), fuzzy 0, still English 0" in lines
    assert any(line.startswith("  B1 10-12: ms 4/4/") for line in lines)
    assert any("B1 ta: drafted by Teman on 2026-11-23; " in line for line in lines)
    assert any(line.startswith("  7-9 lacks R1, R2") for line in lines)


def test_a_lesson_is_shown_as_it_is_read(content: Project) -> None:
    catalogs.compile(content.root)
    told = report.show(shelf.open_library(content.root), "B1", "en")
    assert told.startswith("B1  A small lesson (draft)\nI tell.\n\n[hook] choose\nReady?\n")
    assert "  (Pay) - -> again\n      You want it to stop." in told
    assert "[fine] choose check safe\n" in told
    assert "  1. (Stop)\n  2. (Tell)\n  all in order -> own: Stop, then tell.\n" in told
    assert "  * Keep.\n" in told
    assert told.endswith("[end] end\nSee you.\n")
    assert "好" in report.show(shelf.open_library(content.root), "B1", "zh")


def test_the_project_opens_fast(house: Path, content: Project) -> None:
    for folder in ("lessons", "locales"):
        for path in (house / folder).rglob("*.*"):
            copy = content.path(str(path.relative_to(house)))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    content.path("lessons/B1.yaml").unlink()
    catalogs.compile(content.root)
    start = time.perf_counter()
    library = shelf.open_library(content.root)
    assert time.perf_counter() - start < 1
    assert set(library.lessons) >= {"A5", "B6", "C4"}
    for lesson in library.lessons:
        for language in LANGUAGES:
            assert len(report.show(library, lesson, language)) > 500
