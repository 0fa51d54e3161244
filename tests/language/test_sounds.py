"""Spellings that sound alike are one: Tamil in both letters, Chinese in characters and pinyin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentWrong
from bot.language import fold, pinyin

TAMIL = [
    ("சாகணும் போல இருக்கு", "saaganum pola irukku"),
    ("எனக்கு பயமா இருக்கு", "enakku bayama iruku"),
    ("அப்பா அடிக்கிறாரு", "appa adikiraru"),
    ("வாங்க", "vaanga"),
    ("நன்றி", "nandri"),
]
CHINESE = [
    ("我不想活了", "wo bu xiang huo le"),
    ("我不想活了", "wobuxianghuole"),
    ("他打我", "ta da wo"),
    ("害怕", "haipa"),
]


@pytest.mark.parametrize(("script", "latin"), TAMIL)
def test_tamil_in_both_letters_sounds_the_same(script: str, latin: str) -> None:
    sound = fold.tamil_sound(fold.spaced(script))
    assert sound == fold.tamil_sound(fold.spaced(latin))
    assert sound.strip().isascii()


@pytest.mark.parametrize(("characters", "latin"), CHINESE)
def test_chinese_in_characters_and_pinyin_sounds_the_same(characters: str, latin: str) -> None:
    signs = pinyin.sounds(fold.spaced(characters), latin=False)
    assert signs == pinyin.sounds(fold.spaced(latin), latin=True)
    assert len(signs) == len(characters)


def test_homophones_and_wrong_characters_meet() -> None:
    for wrong, right in (("4了", "死了"), ("在见", "再见"), ("他门打我", "他们打我")):
        assert pinyin.sounds(fold.spaced(wrong), latin=False) == pinyin.sounds(
            fold.spaced(right), latin=False
        )


def test_a_word_that_is_no_pinyin_is_nothing() -> None:
    assert pinyin.sounds(" school bus ", latin=True) == ""
    assert pinyin.sounds(" wo xiang ", latin=False) == ""


def test_will_is_no_hell() -> None:
    for apostrophe in ("'", "’", "`"):
        assert fold.spaced(f"he{apostrophe}ll hit me") == "he will hit me"
    assert fold.spaced("go to hell") == "go to hell"


@given(st.text())
def test_any_text_has_its_sounds(text: str) -> None:
    spaced = fold.spaced(text)
    fold.tamil_sound(spaced)
    pinyin.sounds(spaced, latin=True)
    pinyin.sounds(spaced, latin=False)


@pytest.mark.parametrize("content", ["", "a 啊\n", "a\n" * 400])
def test_a_damaged_table_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    path = tmp_path / "pinyin.txt"
    path.write_text(content)
    monkeypatch.setattr(pinyin, "_FILE", path)
    pinyin.load.cache_clear()
    try:
        with pytest.raises(ContentWrong, match=r"pinyin\.txt"):
            pinyin.load()
    finally:
        monkeypatch.undo()
        pinyin.load.cache_clear()
