"""Where spellings stand in a folded message: the automaton, word and grapheme ends, negation."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping, Sequence
from typing import Final

import ahocorasick

from bot.errors import ContentWrong
from bot.language import fold

Automaton = ahocorasick.Automaton
"""What finds thousands of phrases in one pass; the one place that knows which library it is."""

NEGATABLE: Final = 1
_BEGINNING: Final = 2
_STEM: Final = 4
DENIABLE: Final = 64
BY_ALL: Final = NEGATABLE | DENIABLE
ROLE: Final = {"plain": 0, "negation": 8, "cancel": 16, "skip": 32}
_NEGATION, _CANCEL, _SKIP = 8, 16, 32
ROLES: Final = _NEGATION | _CANCEL | _SKIP
_TAMIL_MARKS: Final = frozenset(
    "\u0b82\u0bbe\u0bbf\u0bc0\u0bc1\u0bc2\u0bc6\u0bc7\u0bc8\u0bca\u0bcb\u0bcc\u0bcd\u0bd7"
)
_SHORT: Final = 4
"""By sound, a shorter beginning would fit half of all words, so it counts as a whole word."""
CLEAR: Final = 7
"""By sound, a spelling of so many letters is Tamil whatever stands around it."""
_NOT_AFTER: Final = (" இல்ல", " ila", " கிடையா", " kitaia", " மாட்ட", " matan", " matar")
_NOT_ENDS: Final = (
    "வில்லை",
    "கல",
    "க்கல",
    "க்கலை",
    "ாதே",
    "ாது",
    "மாட்டான்",
    "மாட்டாங்க",
    "kala",
    "kale",
    "kalai",
    "vilai",
    "ilai",
    "matan",
    "tala",
    "rala",
)

Hit = tuple[int, int, int]
"""(first character, last character, concepts as bits)"""


Spelt = tuple[str, bool]
"""A spelling as the rules write it, and whether it is to be found by sound."""


def folded(spelt: Sequence[Spelt]) -> dict[Spelt, str]:
    """Each spelling as it looks in a folded message."""
    by_letters = [one for one in spelt if not one[1]]
    looks = fold.many([stem(spelling) for spelling, _ in by_letters])
    found = dict(zip(by_letters, looks, strict=True))
    heard = (one for one in spelt if one[1])
    return found | {one: fold.by_sound(fold.spaced(stem(one[0]))).strip() for one in heard}


def stem(spelling: str) -> str:
    """A spelling without its marks."""
    return spelling.rstrip("*").lstrip("=")


def keys(spelling: str, key: str, *, sound: bool) -> list[tuple[str, int]]:
    """What the automaton looks for, and flags: the folded spelling (`key`) with a space at each
    closed end."""
    beginning = spelling.endswith("*")
    if not key:
        raise ContentWrong(f"a screening spelling is empty when folded: {spelling}")
    if not key.isascii():
        first, last = key[0], key[-1]
        if "\u0b80" <= last <= "\u0bff" and not spelling.startswith("="):
            flags = _BEGINNING
            if last == "\u0bcd" and beginning:
                key, flags = key[:-1], _BEGINNING | _STEM
            return [(" " + key if first > "\u0b7f" and first < "\u0c00" else key, flags)]
        left = " " if first.isascii() or "\u0b80" <= first <= "\u0bff" else ""
        right = " " if last.isascii() or "\u0b80" <= last <= "\u0bff" else ""
        return [(left + key + right, 0)]
    if beginning and not (sound and len(key) < _SHORT):
        return [(" " + key, _BEGINNING)]
    whole = [(f" {key} ", 0)]
    joined = key.replace(" ", "")
    if " " in key and len(joined) >= 8 and not sound:
        whole.append((f" {joined} ", 0))
    return whole


def automaton(table: Mapping[str, tuple[object, int]]) -> ahocorasick.Automaton:
    """What finds the keys of a table, each with what it stands for, its length and its flags."""
    made = ahocorasick.Automaton()
    for key, (what, flags) in table.items():
        made.add_word(key, (what, len(key), flags))
    made.make_automaton()
    return made


def within_letter(flags: int, text: str, last: int) -> bool:
    """Whether a Tamil beginning that ends here would cut a letter from its vowel sign."""
    return bool(flags & _BEGINNING) and not flags & _STEM and text[last + 1] in _TAMIL_MARKS


def scan(made: ahocorasick.Automaton, text: str) -> list[Hit]:
    """The hits of one form: at word and grapheme ends only, not negated, not inside a phrase to
    skip."""
    found: list[Hit] = []
    skips: list[tuple[int, int]] = []
    negated = -1000
    for last, (mask, length, flags) in made.iter(text):
        start = last - length + 1
        if flags:
            if within_letter(flags, text, last):
                continue
            if flags & ROLES:
                if flags & _CANCEL:
                    negated = -1000
                elif flags & _NEGATION:
                    negated = last
                if flags & _SKIP:
                    skips.append((start, last))
                    continue
            elif flags & NEGATABLE and (
                (negated > -1000 and _near(text, negated, start))
                or (flags & DENIABLE and flags & _BEGINNING and _denied(text, last))
            ):
                continue
        found.append((start, last, mask))
    return _outside(found, skips) if skips else found


def _outside(hits: list[Hit], skips: list[tuple[int, int]]) -> list[Hit]:
    """The hits that do not lie wholly inside a phrase to skip."""
    skips.sort()
    starts = [start for start, _ in skips]
    ends = list(itertools.accumulate((end for _, end in skips), max))
    kept = []
    for hit in hits:
        before = bisect.bisect_right(starts, hit[0])
        if not before or ends[before - 1] < hit[1]:
            kept.append(hit)
    return kept


def _near(text: str, negated: int, start: int) -> bool:
    """Whether a negation that ended there reaches a word that starts here: same clause, few
    words."""
    gap = start - negated
    if gap > 16 or gap < 0 or (gap == 0 and text[start] != " "):
        return False
    between = text[negated : start + 1]
    if "." in between or between.strip().count(" ") > 1:
        return False
    return gap <= 4 or text[start + 1] < "\u0bff"


def _denied(text: str, last: int) -> bool:
    """Whether the word that goes on here ends in a Tamil "not", or one follows."""
    end = text.find(" ", last + 1)
    word_end = text[last + 1 : end]
    return word_end.endswith(_NOT_ENDS) or text.startswith(_NOT_AFTER, end)
