"""Reads what a message means to the question that stands open: one of its choices, own words, or
neither.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from bot.conversation.state import Question
from bot.language import normalise
from bot.messages import Incoming, Words


class Reply(msgspec.Struct, frozen=True):
    """`choice` answers the question that stands open; `text` are own words; both None: a tap that
    is no longer valid.
    """

    choice: str | None = None
    text: Words | None = None


STALE = Reply()
LIST: Final = 4
"""A question in own words with fewer choices than this takes no numbers for them."""
YES: Final = frozenset(
    {
        "yes",
        "ya",
        "ye",
        "yup",
        "ok yes",
        "是",
        "是的",
        "好",
        "要",
        "可以",
        "对",
        "ஆம்",
        "ஆமாம்",
        "சரி",
        "aam",
        "aama",
    }
    | {"boleh", "nak", "yes please", "yeah", "shi", "hao"}
    | {"boleh la", "ya boleh", "ye la", "haah", "setuju", "sampaikan", "hantar je"}
    | {"yes la", "yes lah", "can la", "pass it on", "好的", "好啊", "可以的", "சரிங்க"}
    | {"行"}
)
NO: Final = frozenset(
    {
        "no",
        "nope",
        "dont",
        "don't",
        "no dont",
        "no don't",
        "tidak",
        "tak",
        "tak nak",
        "x nak",
        "taknak",
        "jangan",
    }
    | {
        "tak boleh",
        "不",
        "不要",
        "不用",
        "不可以",
        "不是",
        "别",
        "இல்லை",
        "வேண்டாம்",
        "வேணாம்",
        "illa",
        "illai",
        "vendam",
        "venam",
    }
    | {"bu", "bu yao", "xnak", "tdk"}
    | {"jgn", "jgn la", "jgn hantar", "tolong jgn", "tolong jangan", "tanak", "tak nak la", "xmau"}
    | {"tak mau", "tak payah", "xpayah", "takpe", "takpelah", "no thanks", "no need", "nah"}
    | {"no la", "no lah", "dont want", "不了", "不用了", "不要啦", "先不要", "வேண்டாங்க", "venaam"}
)


SAFE: Final = YES | {
    *("selamat", "safe", "im safe", "i am safe", "安全", "我安全"),
    *("பாதுகாப்பா இருக்கேன்", "paathukaappa irukken"),
}
"""Only to "are you safe right now?": elsewhere "safe" says yes to nothing."""
NOT_SAFE: Final = NO | {
    *("tak selamat", "x selamat", "tidak selamat", "tk selamat", "not safe", "im not safe"),
    *("i am not safe", "不安全", "不太安全", "不是很安全", "我不安全"),
    *("பாதுகாப்பா இல்ல", "paathukaappa illa"),
}
PARTICLE: Final = re.compile("(?:[啊啦吧呀哦喔咯的了]| ?(?:lah|la|lor|lo|pls|please))+$")
"""What Malaysians put behind a short answer."""


def read(question: Question | None, incoming: Incoming) -> Reply:
    """A tap counts only with a token of the open question; a number, letter or label typed counts
    as a tap.
    """
    if incoming.kind == "tap":
        return _tapped(question, incoming.token or "")
    if incoming.text is None:
        return STALE
    choice = _typed(question, incoming.text.reveal()) if question else None
    return Reply(choice, incoming.text)


def _tapped(question: Question | None, token: str) -> Reply:
    if question is None:
        return STALE
    name, _, choice = token.rpartition(".")
    known = any(option.choice == choice for option in question.options)
    return Reply(choice) if known and name == question.id else STALE


def _typed(question: Question, text: str) -> str | None:
    """The choice meant by "2", "b" or the label itself."""
    word = normalise.bare(text[:200])
    if not word:
        return _by_emoji(question, text)
    options = question.options
    for option in options:
        if normalise.bare(option.label) == word:
            return option.choice
    if question.free and len(options) < LIST:
        return None  # here a number may be the answer itself
    if word.isascii() and word.isdigit() and len(word) <= 2:
        place = int(word) - 1
        return options[place].choice if 0 <= place < len(options) else None
    if meant := _yes_or_no(question, word):
        return meant
    letters = not question.free and question.asker != "care"
    if letters and len(word) == 1 and len(text.strip()) <= 3 and word.isascii():
        place = ord(word) - ord("a")
        return options[place].choice if 0 <= place < len(options) else None
    return None


def _yes_or_no(question: Question, word: str) -> str | None:
    """A plain yes or no, with or without a particle behind it, where the question has exactly that
    among its choices.
    """
    names = {option.choice for option in question.options}
    safe = question.id.startswith("care.safe.")
    yes, no = (SAFE, NOT_SAFE) if safe else (YES, NO)
    if word not in yes and word not in no:
        word = PARTICLE.sub("", word)
    wanted = ("yes",) if word in yes else ("no", "dont", "keep") if word in no else ()
    return next((name for name in wanted if name in names), None)


def _by_emoji(question: Question, text: str) -> str | None:
    """Labels that are pictures only have no letters left after folding; compare them as they
    are.
    """
    found = (option.choice for option in question.options if option.label == text.strip())
    return next(found, None)
