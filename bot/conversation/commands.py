"""Words that work in every place: one ordered table, four languages, everyday spellings.

Only a whole message is a command (care.md, 3); a sentence that merely holds one of these words is
not. The words stand
in code, not in the content folder, because help must work when everything else is broken (the first
promise).
"""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

import msgspec

from bot.language import normalise
from bot.messages import Language

Name = Literal[
    "help", "hide", "open", "stop", "menu", "language", "who", "privacy", "forget", "start"
]


class Command(msgspec.Struct, frozen=True):
    """A command and the whole messages that mean it, by language."""

    name: Name
    words: dict[Language, tuple[str, ...]]


TABLE: Final[tuple[Command, ...]] = (
    Command(
        "help",
        {
            "ms": (
                "tolong",
                "tlg",
                "tlong",
                "tolonglah",
                "bantu",
                "bantuan",
                "tolong saya",
                "tolong aku",
                "minta tolong",
                "bantu saya",
                "sos",
            ),
            "en": (
                "help",
                "help me",
                "hlp",
                "helpp",
                "need help",
                "i need help",
                "pls help",
                "please help",
                "help pls",
            ),
            "zh": (
                "帮",
                "帮我",
                "帮助",
                "救命",
                "救我",
                "求助",
                "帮帮我",
                "幫",
                "幫我",
                "幫助",
                "幫幫我",
                "bang wo",
                "bangwo",
                "jiu ming",
                "jiuming",
                "jiu wo",
            ),
            "ta": (
                "உதவி",
                "உதவுங்கள்",
                "உதவுங்க",
                "உதவி வேண்டும்",
                "உதவி வேணும்",
                "உதவி செய்யுங்கள்",
                "காப்பாற்றுங்கள்",
                "udavi",
                "uthavi",
                "udhavi",
                "uthavi venum",
                "udhavi venum",
                "udavi venum",
                "utavi",
                "kaapathunga",
            ),
        },
    ),
    Command(
        "hide",
        {
            "ms": (
                *("sorok", "sembunyi", "sembunyikan", "tutup cepat", "keluar cepat", "tutup"),
                *("keluar", "mak datang", "mak dah datang", "ibu datang", "mama datang"),
            ),
            "en": (
                *("hide", "hide this", "quick exit", "leave quickly", "exit", "close", "close it"),
                *("mum is coming", "mom is coming", "my mum is coming", "my mom is coming"),
            ),
            "zh": (
                *(
                    "隐藏",
                    "隱藏",
                    "藏起来",
                    "收起来",
                    "快速离开",
                    "yincang",
                    "yin cang",
                    "关掉",
                    "关闭",
                ),
                *("退出", "收起", "妈妈来了", "我妈来了", "guan diao", "tui chu"),
            ),
            "ta": (
                *("மறை", "மறைக்க", "மறைக்கவும்", "marai", "maraikka", "மூடு", "வெளியேறு"),
                *("அம்மா வர்றாங்க", "அம்மா வராங்க", "moodu", "veliyeru", "amma varanga"),
            ),
        },
    ),
    Command(
        "open",
        {
            "ms": ("buka", "bukak", "buka jawapan"),
            "en": ("open", "open answer", "open it"),
            "zh": ("打开", "打開", "开", "dakai", "da kai"),
            "ta": ("திற", "திறக்க", "திறக்கவும்", "thira", "tira", "thirakka"),
        },
    ),
    Command(
        "stop",
        {
            "ms": ("berhenti", "henti", "stop la", "cukup", "berenti"),
            "en": ("stop", "stop it", "quit", "pause"),
            "zh": ("停", "停止", "停下", "暂停", "暫停", "不玩了", "ting"),
            "ta": ("நிறுத்து", "நிறுத்துங்கள்", "நிறுத்துங்க", "niruthu", "nirutthu"),
        },
    ),
    Command(
        "menu",
        {
            "ms": ("menu", "menu utama"),
            "en": ("main menu",),
            "zh": ("菜单", "菜單", "主菜单", "选单", "選單", "caidan"),
            "ta": ("பட்டியல்", "மெனு", "முகப்பு", "pattiyal"),
        },
    ),
    Command(
        "language",
        {
            "ms": ("bahasa", "tukar bahasa"),
            "en": ("language", "lang", "change language"),
            "zh": ("语言", "語言", "换语言", "換語言", "yuyan", "huan yuyan"),
            "ta": ("மொழி", "மொழி மாற்று", "mozhi", "moli"),
        },
    ),
    Command(
        "who",
        {
            "ms": ("tukar orang", "orang lain"),
            "en": ("switch", "switch person", "someone else", "somebody else"),
            "zh": ("换人", "換人", "别人", "別人", "huan ren"),
            "ta": ("வேறு நபர்", "வேறொருவர்", "ஆள் மாற்று"),
        },
    ),
    Command(
        "privacy",
        {
            "ms": ("privasi",),
            "en": ("privacy",),
            "zh": ("隐私", "隱私"),
            "ta": ("தனியுரிமை",),
        },
    ),
    Command(
        "forget",
        {
            "ms": (
                "padam data",
                "padam data saya",
                "padam data aku",
                "buang data saya",
                "lupakan data saya",
            ),
            "en": ("forget", "forget me", "delete my data", "delete me", "erase my data"),
            "zh": (
                "删除我的资料",
                "刪除我的資料",
                "删除资料",
                "刪除資料",
                "忘记我的资料",
                "删掉我的资料",
                "shanchu wo de ziliao",
            ),
            "ta": ("என் தரவை நீக்கு", "தரவை நீக்கு", "என் தகவலை நீக்கு", "என் தகவலை அழி"),
        },
    ),
    Command(
        "start",
        {
            "ms": ("mula", "mulakan"),
            "en": ("start", "restart"),
            "zh": ("开始", "開始"),
            "ta": ("தொடங்கு", "தொடங்க"),
        },
    ),
)

QUIET_WORDS: Final[dict[Language, str]] = {
    "ms": "payung",
    "en": "umbrella",
    "zh": "雨伞",
    "ta": "குடை",
}
"""The safe words where the operator has set none; the Latin spellings work in every case."""
_QUIET_SPELLINGS: Final[tuple[tuple[str, Language], ...]] = (
    ("yusan", "zh"),
    ("yu san", "zh"),
    ("雨傘", "zh"),
    ("kudai", "ta"),
)


class Heard(msgspec.Struct, frozen=True):
    """A command that was given, and the language of the word it was given in. `quiet`: by the safe
    word.
    """

    name: Name
    language: Language
    quiet: bool = False


def _table() -> dict[str, Heard]:
    """Every spelling, folded; where two commands share one, the earlier in the table has it."""
    found: dict[str, Heard] = {}
    for command in TABLE:
        for language, words in command.words.items():
            for word in words:
                found.setdefault(normalise.bare(word), Heard(command.name, language))
    return found


_SPELLINGS: Final = _table()
_LONGEST: Final = max(map(len, _SPELLINGS)) + 8


def find(text: str, safe_words: dict[Language, str]) -> Heard | None:
    """The command that a whole message is, or None. The safe word is a way to say help."""
    if len(text) > 4 * _LONGEST:
        return None
    word = normalise.bare(text.strip().removeprefix("/"))
    return _find(word, safe_words) or _find(normalise.without_particle(word), safe_words)


def _find(word: str, safe_words: dict[Language, str]) -> Heard | None:
    return _SPELLINGS.get(word) or _quiet(word, safe_words)


@cache
def _folded(safe: str) -> str:
    """The operator's own words, folded once; nothing a user writes comes here."""
    return normalise.bare(safe)


def _quiet(word: str, safe_words: dict[Language, str]) -> Heard | None:
    if not word:
        return None
    for language, safe in (*safe_words.items(), *QUIET_WORDS.items()):
        if word == _folded(safe):
            return Heard("help", language, quiet=True)
    return next(
        (Heard("help", lang, quiet=True) for safe, lang in _QUIET_SPELLINGS if word == safe), None
    )
