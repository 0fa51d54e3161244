"""What must stand before the first child: doctor is red, and the start warns, until it does."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import texts
from bot.host import doctor
from bot.library import helplines, reviews, verifying
from bot.messages import LANGUAGES
from tests.conversation.talk import ROOT


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The content of the project, to change."""
    shutil.copytree(ROOT / "lessons", tmp_path / "lessons")
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    return tmp_path


def red(root: Path, *, demo: bool = False) -> set[str]:
    return {one.what for one in doctor.for_children(root, demo=demo) if not one.well}


def test_a_demo_needs_neither_and_a_real_one_both(house: Path) -> None:
    assert red(house) == {"listening line", "care texts"}
    assert red(house, demo=True) == set()


def test_a_line_that_listens_day_and_night_and_was_dialled_counts(house: Path) -> None:
    today = datetime.now(UTC).astimezone(helplines.HERE).date()
    path = house / "lessons" / "helplines.yaml"
    verifying.verify(path, "heal_15555", today, "A")
    assert "listening line" in red(house), "not at night"
    verifying.verify(path, "befrienders_kl", date(2024, 1, 1), "A")
    assert "listening line" in red(house), "too long ago"
    verifying.verify(path, "befrienders_kl", today, "A")
    assert "listening line" not in red(house)


def test_care_that_was_read_as_it_is_counts_and_a_changed_word_ends_it(house: Path) -> None:
    path = house / "lessons" / "reviews.yaml"
    text = path.read_text(encoding="utf-8")
    read = ""
    for language in LANGUAGES:
        table = texts.read(texts.mo_path(house / "locales", language), language)
        read = f"reviewed, text: {reviews.digest(reviews.CARE, table)}"
        head, care = text.split("\ncare:\n")
        care = care.replace(f"  {language}: {{state: drafted", f"  {language}: {{state: {read}")
        text = f"{head}\ncare:\n{care}"
    path.write_text(text, encoding="utf-8")
    assert "care texts" not in red(house)
    path.write_text(text.replace(read, "reviewed, text: 0123456789ab"), encoding="utf-8")
    assert "care texts" in red(house)
