"""What screening sees of a message before anything is decided: its folded forms, and the concepts
of the rules in it."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.language import fold, grams, pinyin, which
from bot.messages import TEXT_LIMIT, Language
from bot.safeguarding import model, senses
from bot.safeguarding.match import Matcher
from bot.safeguarding.model import Families, Group
from bot.safeguarding.senses import Lexicon
from bot.safeguarding.spot import Hit

LONG: Final = 600
"""Characters. Longer than anything the model has learnt from: one telling among much else would be
weighed down, so it hears such a text in stretches."""
STRETCH: Final = 400
STEP: Final = 300
BY_SOUND, BY_SYLLABLE, BY_BONES = 1, 2, 3
"""Kinds of runs beside those of letters: of Tamil sounds, of Chinese syllables, and of what is left
without vowels, which SMS spellings share (takut, tkot)."""
PAIRS_OF: Final = 8
"""Pairs are made of so many concepts at most: a long text would have thousands."""


class Seen(msgspec.Struct, frozen=True):
    """A message as screening sees it."""

    letters: str
    sounds: str
    tamil: str
    chinese: str
    clear: bool
    spelled: bool
    language: Language | None
    romanised: bool
    hits: list[Hit]

    @property
    def long(self) -> bool:
        """Whether it is longer than what the model knows."""
        return len(self.letters) > LONG

    @property
    def group(self) -> Group:
        """The way of writing whose limits hold for it."""
        return model.group_of(self.language, self.romanised)

    @property
    def mask(self) -> int:
        """The concepts found, as bits."""
        mask = 0
        for hit in self.hits:
            mask |= hit[2]
        return mask


def see(text: str, matcher: Matcher) -> Seen:
    """Fold a message, guess its language and find the concepts of the rules."""
    spaced = fold.spaced(text[:TEXT_LIMIT])
    letters, sounds, clear = fold.by_letters(spaced), fold.by_sound(spaced), which.no_tamil(spaced)
    language, romanised = which.of_spaced(spaced)
    hits = matcher.hits(letters, sounds, clear=clear)
    tamil = "" if clear else fold.tamil_sound(spaced)
    chinese = pinyin.sounds(spaced, latin=romanised) if language == "zh" else ""
    return Seen(
        letters, sounds, tamil, chinese, clear, fold.spelled(spaced), language, romanised, hits
    )


def stretches(text: str) -> list[str]:
    """A long text in pieces that overlap."""
    text = text[:TEXT_LIMIT]
    return [text[at : at + STRETCH] for at in range(0, max(1, len(text) - STRETCH + STEP), STEP)]


def take_apart(seen: Seen, names: list[str], lexicon: Lexicon) -> Families:
    """What the model counts. `names`: the concepts in the order of their bits."""
    found = lexicon.find(seen.letters, seen.sounds, clear=seen.clear)
    pieces = grams.words(seen.letters), concepts(seen.mask, names), senses.pieces(found)
    runs = [grams.runs(seen.letters)]
    if seen.chinese:
        runs.append(grams.runs(seen.chinese, BY_SYLLABLE))
    elif seen.tamil:
        runs.append(grams.runs(seen.tamil, BY_SOUND))
        runs.append(grams.runs(seen.tamil.translate(fold.VOWELS), BY_BONES))
        return tuple(runs), (*pieces, [f"ta {word}" for word in grams.words(seen.tamil)])
    elif seen.language != "en":
        runs.append(grams.runs(seen.letters.translate(fold.VOWELS), BY_BONES))
    return tuple(runs), pieces


def concepts(mask: int, names: list[str]) -> list[str]:
    """The concepts of a mask and their pairs, as the model counts them."""
    found = []
    while mask:
        bit = mask & -mask
        mask ^= bit
        found.append(names[bit.bit_length() - 1])
    few = found[:PAIRS_OF]
    pairs = [f"{left}&{right}" for place, left in enumerate(few) for right in few[place + 1 :]]
    return found + pairs
