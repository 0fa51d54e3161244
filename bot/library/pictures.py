"""Staged chats as pictures: a phone's chat, drawn in the reader's own script.

Tamil is shaped by Raqm, which needs the system's FriBiDi. Without it nothing is drawn, for Tamil
set letter by letter is wrong; the words are sent instead.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Final, Literal

import msgspec
from PIL import Image, ImageDraw, ImageFont, features

from bot.library import fonts
from bot.messages import Language

WIDTH: Final = 720
MOST_BYTES: Final = 60_000
_EDGE, _GAP, _INSIDE, _HEAD = 28, 18, 22, 104
_BUBBLE: Final = 600
"""How wide a bubble may be."""
_ROUND: Final = 24
_PAPER, _BAR, _INK, _FAINT = "#ece7df", "#1f5f63", "#1c1c1c", "#5d6a70"
_MINE, _THEIRS, _NAME, _ON_BAR = "#d5efe0", "#ffffff", "#7a4300", "#ffffff"
_COLOURS: Final = 24
_SIZE: Final[dict[Language, int]] = {"ms": 40, "en": 40, "zh": 42, "ta": 36}
"""A narrow phone shows the picture at a third of its size."""
_LEADING: Final[dict[Language, float]] = {"ms": 1.34, "en": 1.34, "zh": 1.42, "ta": 1.55}
_PIECE: Final = re.compile(r"[\u2e80-\u303f\u3100-\u9fff\uff00-\uffef]|[^\s\u2e80-\uffef]+|\s+")
"""What a line may be broken between: words, or single Chinese characters."""
_NOT_FIRST: Final = frozenset("，。！？；：、）」』》”’…—％")
_NOT_LAST: Final = frozenset("（「『《“‘")

Font = ImageFont.FreeTypeFont


class Bubble(msgspec.Struct, frozen=True):
    """One bubble: whose it is, a name over it in a group, the words, the time beside them."""

    by: Literal["me", "them", "other"]
    text: str
    at: str = ""
    name: str = ""


class Staged(msgspec.Struct, frozen=True):
    """A chat to draw: the name at the top, the bubbles, and the language of the words."""

    language: Language
    who: str
    bubbles: tuple[Bubble, ...]


class _Laid(msgspec.Struct, frozen=True):
    """A bubble laid out: its lines, its width and height in pixels."""

    bubble: Bubble
    lines: tuple[str, ...]
    width: int
    height: int


def can_draw() -> bool:
    """Whether text can be shaped here."""
    return bool(features.check("raqm")) and features.version("fribidi") is not None


def lacking(staged: Staged) -> str:
    """The characters of a chat that its font does not hold."""
    held = fonts.held(fonts.OF_LANGUAGE[staged.language])
    said = [staged.who, *(t for b in staged.bubbles for t in (b.text, b.at, b.name))]
    return "".join(sorted({c for text in said for c in text} - held - {"\n"}))


def draw(staged: Staged) -> bytes:
    """The chat as PNG, WIDTH pixels wide. Raises ValueError where text cannot be shaped."""
    if not can_draw():
        raise ValueError("text cannot be shaped here: FriBiDi is missing")
    laid = [_lay_out(bubble, staged.language) for bubble in staged.bubbles]
    height = _HEAD + _GAP + sum(one.height + _GAP for one in laid) + _GAP
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    brush = ImageDraw.Draw(image)
    _head(brush, staged)
    top = _HEAD + _GAP
    for one in laid:
        _paint(brush, one, staged.language, top)
        top += one.height + _GAP
    return _png(image)


def _png(image: Image.Image) -> bytes:
    few = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(language: Language, size: int) -> Font:
    file = fonts.path(fonts.OF_LANGUAGE[language])
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.RAQM)


def _head(brush: ImageDraw.ImageDraw, staged: Staged) -> None:
    """The bar with a round picture of one letter, and the name."""
    brush.rectangle((0, 0, WIDTH, _HEAD), fill=_BAR)
    middle = _HEAD // 2
    brush.ellipse((_EDGE, middle - 32, _EDGE + 64, middle + 32), fill="#dfeceb")
    font = _font(staged.language, 40)
    brush.text((_EDGE + 32, middle), _initial(staged.who), _BAR, font, anchor="mm")
    brush.text((_EDGE + 88, middle), staged.who, _ON_BAR, font, anchor="lm")


def _initial(name: str) -> str:
    """The first letter with its vowel sign, as a reader of that script sees it."""
    found = re.match(r".[\u0bbe-\u0bcd\u0bd7]*", name.strip())
    return found[0] if found else ""


def _lay_out(bubble: Bubble, language: Language) -> _Laid:
    size = _SIZE[language]
    font, small = _font(language, size), _font(language, size - 12)
    lines = tuple(_lines(bubble.text, font))
    widest = max(font.getlength(line) for line in lines)
    if bubble.name:
        widest = max(widest, small.getlength(bubble.name))
    if bubble.at:
        widest = max(widest, small.getlength(bubble.at))
    rows = len(lines) + (0.8 if bubble.name else 0) + (0.75 if bubble.at else 0)
    height = round(rows * size * _LEADING[language]) + 2 * _INSIDE - 8
    return _Laid(bubble, lines, round(widest) + 2 * _INSIDE, height)


def _lines(text: str, font: Font) -> list[str]:
    room = _BUBBLE - 2 * _INSIDE
    lines, line = [], ""
    for piece in _together(_PIECE.findall(text)):
        if line and font.getlength((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _together(pieces: list[str]) -> list[str]:
    """Pieces that may not be parted: no line begins with a closing sign or ends with an opening
    one.
    """
    joined: list[str] = []
    for piece in pieces:
        held = joined and (piece[0] in _NOT_FIRST or joined[-1][-1] in _NOT_LAST)
        if held:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _paint(brush: ImageDraw.ImageDraw, one: _Laid, language: Language, top: int) -> None:
    mine = one.bubble.by == "me"
    left = WIDTH - _EDGE - one.width if mine else _EDGE
    box = (left, top, left + one.width, top + one.height)
    brush.rounded_rectangle(box, _ROUND, fill=_MINE if mine else _THEIRS)
    size = _SIZE[language]
    step = size * _LEADING[language]
    small = _font(language, size - 12)
    y = float(top + _INSIDE - 6)
    if one.bubble.name:
        brush.text((left + _INSIDE, y), one.bubble.name, _NAME, small)
        y += step * 0.8
    for line in one.lines:
        brush.text((left + _INSIDE, y), line, _INK, _font(language, size))
        y += step
    if one.bubble.at:
        right = left + one.width - _INSIDE
        brush.text((right, top + one.height - 12), one.bubble.at, _FAINT, small, anchor="rd")
