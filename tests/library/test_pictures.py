"""Staged chats as pictures: shaped, whole, small; and fonts that hold what is drawn."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.errors import ContentWrong
from bot.library import fonts, pictures, preview
from bot.library.pictures import Bubble, Staged
from bot.messages import LANGUAGES, Language
from tests import requirement
from tests.conversation.talk import library


@pytest.fixture
def raqm() -> None:
    requirement.require("raqm", pictures.can_draw())


needs_raqm = pytest.mark.usefixtures("raqm")
SYSTEM = Path("/usr/share/fonts")
WORDS: dict[Language, tuple[str, str]] = {
    "ms": ("Jelani", "Kamu main dengan baik! Umur kamu berapa? Jom sambung di app lain."),
    "en": ("Jelani", "You play so well! How old are you? Let us go on in another app."),
    "zh": ("小凯", "你玩得很好！你几岁？我们去别的app聊（好吗）？"),
    "ta": ("கவிதா", "நீங்கள் நன்றாக விளையாடுகிறீர்கள்! வேறொரு செயலியில் பேசலாமா?"),
}


def staged(language: Language, text: str = "", **bubble: Any) -> Staged:
    who, words = WORDS[language]
    rows = (Bubble("them", text or words, "9:41", **bubble), Bubble("me", words), Bubble("me", who))
    return Staged(language, who, rows)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@needs_raqm
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_a_phones_width_small_and_the_same_each_time(language: Language) -> None:
    data = pictures.draw(staged(language))
    image = opened(data)
    assert image.format == "PNG"
    assert image.width == pictures.WIDTH
    assert 300 < image.height < 1400
    assert len(data) < pictures.MOST_BYTES
    assert data == pictures.draw(staged(language))


@needs_raqm
def test_six_bubbles_are_small() -> None:
    for language in LANGUAGES:
        who, words = WORDS[language]
        rows = tuple(Bubble("them" if n % 2 else "me", words, "9:41") for n in range(6))
        assert len(pictures.draw(Staged(language, who, rows))) < pictures.MOST_BYTES


@needs_raqm
def test_tamil_is_shaped_and_not_set_letter_by_letter() -> None:
    font = pictures._font("ta", 40)
    letters = ("க", "ெ", "ா")  # ொ goes round its consonant
    assert font.getlength("கொ") < sum(font.getlength(x) for x in letters) * 1.05
    whole, apart = font.getmask("கொ"), font.getmask("கொ", features=["-abvs", "-blws"])
    assert whole.size[0] > 0
    assert apart.size[0] > 0
    assert font.getlength("ஸ்ரீ") < font.getlength("ஸ") + font.getlength("ர") + font.getlength("ரீ")


@needs_raqm
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_wider_than_its_bubble(language: Language) -> None:
    font = pictures._font(language, 30)
    lines = pictures._lines(WORDS[language][1] * 4, font)
    assert len(lines) > 3
    assert all(font.getlength(line) <= pictures._BUBBLE for line in lines)


def test_no_chinese_line_begins_with_a_closing_sign() -> None:
    assert pictures._together(list("好，吗（真）。")) == ["好，", "吗", "（真）。"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_font_lacks_is_named(language: Language) -> None:
    assert pictures.lacking(staged(language)) == "".join(
        sorted(set("".join(WORDS[language])) - fonts.held(fonts.OF_LANGUAGE[language]))
    )
    assert "ཀ" in pictures.lacking(staged(language, text="ཀ"))


def test_what_is_written_beside_a_font_is_what_it_holds() -> None:
    from fontTools import ttLib

    for name in fonts.SYSTEM:
        cmap = ttLib.TTFont(fonts.path(name)).getBestCmap()
        held = fonts.held(name)
        assert len(held) > 100
        assert {c for c in held if ord(c) not in cmap} == set()


def test_the_same_characters_make_the_same_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirement.require("fonts", SYSTEM.joinpath("opentype/noto").exists())
    made = []
    for run in ("one", "two"):
        monkeypatch.setattr(fonts, "FOLDER", tmp_path / run)
        fonts.FOLDER.mkdir()
        assert not any(fonts.make({"ta": ["அ"]}, SYSTEM).values())
        made.append({path.name: path.read_bytes() for path in sorted(fonts.FOLDER.iterdir())})
        monkeypatch.setattr("time.time", lambda: 2e9)
    assert len(made[0]) == 6
    assert made[0] == made[1]


def test_a_font_of_the_system_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentWrong, match="fonts-noto-core"):
        fonts.make({}, tmp_path)


def test_without_shaping_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "can_draw", lambda: False)
    with pytest.raises(ValueError, match="FriBiDi"):
        pictures.draw(staged("ta"))


@pytest.mark.parametrize("lesson", ["A5", "B6", "C4"])
def test_the_preview_holds_every_screen_in_four_columns(lesson: str) -> None:
    page = preview.page(library(), lesson)
    steps = library().lessons[lesson].steps
    assert page.count("<tr id=") == len(steps) + len(library().lessons[lesson].boosters)
    for language in LANGUAGES:
        assert page.count(f'<td lang="{language}">') >= len(steps)
    assert "http" not in page.replace("http://www.w3.org", "")
    with pytest.raises(ContentWrong, match="no lesson"):
        preview.page(library(), "Z9")
