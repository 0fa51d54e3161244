"""The two forms of a message that screening looks at: by letters, and by sound.

Both start and end with a space, words have one space between them, clauses end in " . ", so
that a pattern with spaces
around it is a whole word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from bot.language import normalise, variants

CLAUSE: Final = " . "
VOWELS: Final = str.maketrans("", "", "aeiou")

_SIGNS: Final = str.maketrans(
    {chr(c): " " for c in range(33, 127) if not chr(c).isalnum()}
    | dict.fromkeys(".,!?;:\n\r", CLAUSE)
    | dict.fromkeys("'`", "")
    | {"@": "@", "$": "$"}
)
_LEET_WORD: Final = re.compile(r"(?<![^ ])(?=[a-z0-9@$]*[a-z][013457@$]+[a-z])[a-z0-9@$]+(?![^ ])")
_STRAY: Final = re.compile(r"[@$]")
_WILL: Final = re.compile("['`´‘’ʼ]ll\\b")
"""he'll is no hell."""
_DOUBLE: Final = re.compile(r"([a-z])\1+|(?: \.)+(?= \.)")
_SPELLED: Final = re.compile(r"(?<![^ ])[a-z0-9](?:(?: \.)? [a-z0-9]){3,}(?![^ ])")

_SIMPLE: Final = re.compile("[A-Za-z ]+")

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
_TAMIL: Final = "\u0b80-\u0bff"
_APOSTROPHES: Final = re.compile("['`´‘’ʼ]")
_ENDS: Final = re.compile("[.,!?;:\n\r。、…·।]+")
_OTHER: Final = re.compile(f"[^0-9a-z@$. {_HAN}{_TAMIL}]")
_JOIN: Final = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}])")
_SPLIT: Final = re.compile(
    f"(?<=[{_HAN}])(?=[a-z0-9{_TAMIL}])|(?<=[a-z0-9{_TAMIL}])(?=[{_HAN}])"
    f"|(?<=[{_TAMIL}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{_TAMIL}])"
)
_ACCENTED: Final = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_HAS_HAN: Final = re.compile(f"[{_HAN}]")
_GREEK_CYRILLIC: Final = re.compile("[\u0370-\u052f]")
_HAS_TAMIL: Final = re.compile(f"[{_TAMIL}]")
_INHERENT: Final = re.compile("[\u0b95-\u0bb9](?![\u0bbe-\u0bcd])")
"""A Tamil consonant without a vowel sign is said with an a."""
_HAS_LATIN: Final = re.compile("[a-z]")

_SOUNDS: Final = (
    ("ee", "i"), ("oo", "u"), ("th", "t"), ("dh", "t"), ("ch", "s"), ("sh", "s"), ("zh", "l"),
    ("kh", "k"), ("gh", "k"),
    ("bh", "p"), ("ph", "p"), (" ye", " e"), (" iya", " ia"),
)  # fmt: skip
_SOUND: Final = str.maketrans("gdbwjzqfc", "ktpvslkps")


def plain(text: str) -> str:
    """By letters: visible, lower case, clauses marked, known spellings replaced, doubled
    letters once. Never raises."""
    return by_letters(spaced(text))


def many(texts: Sequence[str]) -> list[str]:
    """`plain` of each text, without the spaces around it. Those of plain letters are folded in one
    go, for thousands of short phrases.
    """
    simple = [text for text in texts if _SIMPLE.fullmatch(text)]
    together = by_letters(spaced(CLAUSE.join(simple))).strip().split(CLAUSE)
    if len(together) != len(simple):
        return [plain(text).strip() for text in texts]
    done = dict(zip(simple, together, strict=True))
    return [done[text].strip() if text in done else plain(text).strip() for text in texts]


def spaced(text: str) -> str:
    """The common first step: lower case letters and digits of our scripts, spaces and clause
    marks, nothing else."""
    if "ll" in text:
        text = _WILL.sub(" will", text)
    out = text.lower().translate(_SIGNS) if text.isascii() else _wide(text)
    if "@" in out or "$" in out:
        out = _LEET_WORD.sub(_unleet, out)
        out = _STRAY.sub(" ", out)
    else:
        out = _LEET_WORD.sub(_unleet, out)
    return " ".join(out.split())


def by_letters(out: str) -> str:
    """From `spaced`: the form by letters."""
    single = _DOUBLE.sub(_once, out)
    get = variants.WORDS.get
    folded = " ".join([get(word, word) for word in single.split(" ")])
    spelled = _SPELLED.findall(single)
    if spelled:
        folded += CLAUSE + " ".join(run.replace(" ", "").replace(".", "") for run in spelled)
    return f" {folded} "


def spelled(out: str) -> bool:
    """From `spaced`: whether words are written letter by letter, as to get past a filter."""
    return _SPELLED.search(out) is not None


def tamil_sound(out: str) -> str:
    """From `spaced`: Tamil words, in whichever letters, in one form by sound: சாகணும் and saaganum
    are the same. "" where nothing is to be said.
    """
    if _HAS_TAMIL.search(out):
        for left, right in variants.TAMIL_CLUSTERS:
            out = out.replace(left, right)
        out = _INHERENT.sub(r"\g<0>a", out).translate(variants.TAMIL_LETTERS)
    return by_sound(out)


def by_sound(out: str) -> str:
    """From `spaced`: Latin words as a Tamil ear spells them (saaganum, sakanum, chaganum: one
    form), or "" if none."""
    if not _HAS_LATIN.search(out):
        return ""
    out = f" {out} "
    for left, right in _SOUNDS:
        out = out.replace(left, right)
    return _DOUBLE.sub(_once, out.translate(_SOUND))


def _wide(text: str) -> str:
    """`spaced` for text beyond ASCII."""
    out = normalise.visible(text).casefold()
    if _ACCENTED.search(out):
        out = _MARKS.sub("", unicodedata.normalize("NFD", out))
        out = unicodedata.normalize("NFC", out)
    if _GREEK_CYRILLIC.search(out):
        out = out.translate(variants.LOOKALIKE)
    han = _HAS_HAN.search(out) is not None
    if han:
        out = out.translate(variants.TRADITIONAL)
    out = _ENDS.sub(CLAUSE, _APOSTROPHES.sub("", out))
    out = _OTHER.sub(_sign, out)
    if han:
        out = _JOIN.sub("", out)
    return _SPLIT.sub(" ", out)


def _sign(found: re.Match[str]) -> str:
    return variants.EMOJI.get(found[0], " ")


def _once(found: re.Match[str]) -> str:
    return found[1] or ""


def _unleet(found: re.Match[str]) -> str:
    return found[0].translate(variants.LEET)
