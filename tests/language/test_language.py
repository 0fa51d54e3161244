"""Folding and guessing the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import fold, normalise, which

ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  HELLO   World ", "hello world"),
        ("he\u200blp", "help"),
        ("\u202etolong\u202c", "tolong"),
        ("ｈｅｌｐ１２", "help12"),
        ("helppppp", "help"),
        ("a\x00b\ud800c", "abc"),
        ("௧௨", "12"),
        ("உதவி", "உதவி"),
    ],
)
def test_normal(text: str, folded: str) -> None:
    assert normalise.normal(text) == folded


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("  Help!!! 🙏", "help"),
        ("உதவி!", "உதவி"),
        ("救命！！", "救命"),
        ("!!!", "!!!"),
        ("'tolong'", "tolong"),
    ],
)
def test_bare(text: str, word: str) -> None:
    assert normalise.bare(text) == word


@given(ANY)
def test_folding_takes_any_text_and_is_stable(text: str) -> None:
    once = normalise.normal(text)
    once.encode("utf-8")
    assert normalise.bare(text).strip() == normalise.bare(text)
    fold.by_sound(fold.spaced(text))
    assert fold.plain(text).startswith(" ")
    which.language_of(text)


def test_graphemes_keep_vowel_signs() -> None:
    assert normalise.graphemes("மிரட்டு") == ["மி", "ர", "ட்", "டு"]


@pytest.mark.parametrize(
    "word", ["saaganum", "saganum", "sakanum", "chaganum", "saagaNum", "saaganummm"]
)
def test_one_sound_many_spellings(word: str) -> None:
    assert fold.by_sound(fold.spaced(word)) == fold.by_sound(fold.spaced("saaganum"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("saya nak balik rumah", ("ms", False)),
        ("i want to go home", ("en", False)),
        ("我想回家", ("zh", False)),
        ("我要blackmail", ("zh", False)),
        ("வீட்டுக்கு போகணும்", ("ta", False)),
        ("enaku veetuku poganum", ("ta", True)),
        ("wo bu xiang huo le", ("zh", True)),
        ("123 😀", (None, False)),
    ],
)
def test_which_language(text: str, language: tuple[str | None, bool]) -> None:
    assert which.language_of(text) == language


@pytest.mark.parametrize(
    "words", ["abg tu ajak sy jumpa kt mall sabtu ni", "abg ni minta gmbr sy", "pakcik raba sy"]
)
def test_typed_malay_is_not_taken_for_pinyin(words: str) -> None:
    """ni is one of the commonest words of typed Malay, and pinyin too."""
    assert which.language_of(words) == ("ms", False)
    assert which.language_of("ni hao ma") == ("zh", True)
