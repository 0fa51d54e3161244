"""How long a text is to a reader: letters, words, hanzi, sentences, and what a platform counts."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.messages import Language

_HANZI: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.'-]*")
_END: Final = re.compile(
    r"(?:(?<=[.!?…])[\"”’)*]*\s+)|(?:(?<=[。！？])[”」』’）*]*)|\n+|[:：]\s*(?=[\"“「『])"
)
_MARKS: Final = re.compile(r"[*_`]")


def platform(text: str) -> int:
    """What the strictest platform counts: code points or UTF-16 units, whichever is more."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def length(text: str, language: Language) -> int:
    """Letters as they are read; in Chinese hanzi, where a Latin word counts as one."""
    plain = _MARKS.sub("", text)
    if language == "zh":
        return len(_HANZI.findall(plain)) + len(_LATIN.findall(plain))
    return sum(not unicodedata.category(letter).startswith("M") for letter in plain)


def words(text: str, language: Language) -> int:
    """Words, in Chinese hanzi."""
    if language == "zh":
        return length(text, "zh")
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def sentences(text: str) -> list[str]:
    """The sentences; the words somebody speaks begin a new one."""
    return [part.strip() for part in _END.split(text) if part and part.strip()]
