"""One plain form for what people type: no invisible characters, no fancy widths, no shouting.

Nothing here uses `\\w`: it does not hold Tamil vowel signs, so it would cut words in the middle
of a letter.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import regex

INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
"""Zero-width, bidirectional, variation and tag characters, as the inside of a character class."""

_UNSEEN: Final = re.compile(f"[{INVISIBLE}\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]+")
_LONG_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_GRAPHEME: Final = regex.compile(r"\X")
_EDGE: Final = regex.compile(r"^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$")
_PARTICLE: Final = re.compile("(?:[啊啦吧呀哦喔咯的了]| ?(?:lah|la|lor|lo|pls|please))+$")
_DIGIT_ZEROS: Final = (0x0BE6, 0x0660, 0x06F0, 0x0966)
_FOREIGN_DIGIT: Final = re.compile("[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0be6-\u0bef]")
_DIGITS: Final = {zero + n: str(n) for zero in _DIGIT_ZEROS for n in range(10)}


def normal(text: str) -> str:
    """The text folded: NFKC, lower case, ASCII digits, one space between words, letters
    repeated three times or more
    written once, nothing invisible, no control character, no lone surrogate. Takes any str;
    never raises."""
    if text.isascii():
        folded = _CONTROL.sub("", text).lower()
    else:
        folded = visible(text).casefold()
        if not unicodedata.is_normalized("NFKC", folded):
            folded = unicodedata.normalize("NFKC", folded)
    return " ".join(_LONG_RUN.sub(r"\1", folded).split())


def without_particle(word: str) -> str:
    """A short message without what Malaysians put behind it (la, lor, pls, 啦, 吧)."""
    return _PARTICLE.sub("", word)


def visible(text: str) -> str:
    """NFKC with ASCII digits, and without what cannot be seen (zero-width, bidi, control, lone
    surrogates)."""
    seen = _UNSEEN.sub("", text)
    if not unicodedata.is_normalized("NFKC", seen):
        seen = unicodedata.normalize("NFKC", seen)
    return seen.translate(_DIGITS) if _FOREIGN_DIGIT.search(seen) else seen


def bare(text: str) -> str:
    """`normal`, and without punctuation, signs and emoji around the whole: "  Help!!! 🙏" is
    "help".

    A text of nothing but signs stays as it is, so that two different ones do not become equal.
    """
    folded = normal(text)
    return _EDGE.sub("", folded) or folded


def graphemes(text: str) -> list[str]:
    """What a reader takes for single letters: a Tamil consonant with its vowel sign is one."""
    return _GRAPHEME.findall(text)
