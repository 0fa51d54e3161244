"""Chinese by its sound: a syllable, in characters or in pinyin, is one sign of its own.

Tones are left out, and what Malaysian ears and keyboards mix is one: zh and z, ch and c, sh and s,
-ng and -n. So homophones (4了 for 死了), wrong characters and pinyin without tones meet.

pinyin.txt: a syllable and the characters said so, for the characters of GB 2312, from the data of
pypinyin (MIT licence).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from bot.errors import ContentWrong

_FILE: Final = Path(__file__).parent / "pinyin.txt"
_FIRST: Final = 0xE000
"""Signs are taken from Unicode's private area, where no message has letters."""
_LONGEST: Final = 6
_LEAST: Final = 350
"""Syllables; Mandarin has about 400."""
_WORD: Final = re.compile("[a-z]+")
_DIGITS: Final = {"4": "si", "5": "wu", "6": "liu", "7": "qi", "8": "ba", "9": "jiu", "0": "ling"}


def sounds(spaced: str, *, latin: bool) -> str:
    """From `fold.spaced`: the signs of its syllables, clauses apart. `latin`: its Latin words are
    pinyin.
    """
    signs, table = load()
    out = spaced.translate(table)
    if latin:
        out = _WORD.sub(lambda found: _split(found[0], signs) or " ", out)
    return "".join(c for c in out if ord(c) >= _FIRST or c == ".")


def _split(word: str, signs: dict[str, str]) -> str:
    """The signs of a word that is syllables through and through; "" where it is none."""
    done = {0: ""}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            if start in done and word[start:end] in signs:
                done[end] = done[start] + signs[word[start:end]]
                break
    return done.get(len(word), "")


def _merged(syllable: str) -> str:
    one = syllable.replace("zh", "z").replace("ch", "c").replace("sh", "s")
    return one[:-1] if one.endswith("ng") else one


@cache
def load() -> tuple[dict[str, str], dict[int, str]]:
    """Signs by syllable, and by character. ContentWrong where the file is missing or damaged."""
    signs: dict[str, str] = {}
    table: dict[int, str] = {}
    merged: dict[str, str] = {}
    try:
        lines = [line.split(" ") for line in _FILE.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        kind = type(error).__name__
        raise ContentWrong(f"bot/language/pinyin.txt cannot be read ({kind})") from error
    if len(lines) < _LEAST or any(len(line) != 2 for line in lines):
        raise ContentWrong("bot/language/pinyin.txt is damaged: restore it")
    for syllable, characters in lines:
        sign = merged.setdefault(_merged(syllable), chr(_FIRST + len(merged)))
        signs[syllable] = sign
        table |= dict.fromkeys(map(ord, characters), sign)
    table |= {ord(digit): signs[syllable] for digit, syllable in _DIGITS.items()}
    return signs, table
