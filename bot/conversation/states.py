"""Malaysia's states and federal territories (ISO 3166-2:MY), as people write them."""

from __future__ import annotations

from typing import Final

from bot.language import normalise

_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "MY-01": ("johor", "jhr", "johor bahru", "jb", "柔佛", "新山", "ஜொகூர்", "ஜோகூர்"),
    "MY-02": ("kedah", "alor setar", "吉打", "கெடா", "கடா"),
    "MY-03": ("kelantan", "kota bharu", "kelate", "吉兰丹", "கிளந்தான்"),
    "MY-04": ("melaka", "malacca", "马六甲", "மலாக்கா"),
    "MY-05": (
        "negeri sembilan",
        "n9",
        "ns",
        "seremban",
        "森美兰",
        "芙蓉",
        "நெகிரி செம்பிலான்",
        "நெகிரி",
    ),
    "MY-06": ("pahang", "kuantan", "彭亨", "பகாங்"),
    "MY-07": ("pulau pinang", "penang", "pinang", "槟城", "槟岛", "பினாங்கு"),
    "MY-08": ("perak", "ipoh", "霹雳", "怡保", "பேராக்", "ஈப்போ"),
    "MY-09": ("perlis", "kangar", "玻璃市", "பெர்லிஸ்"),
    "MY-10": (
        "selangor",
        "sgor",
        "shah alam",
        "klang",
        "雪兰莪",
        "雪州",
        "巴生",
        "சிலாங்கூர்",
        "கிள்ளான்",
    ),
    "MY-11": ("terengganu", "ganu", "登嘉楼", "திரெங்கானு"),
    "MY-12": ("sabah", "kk", "kota kinabalu", "沙巴", "சபா"),
    "MY-13": ("sarawak", "kuching", "swak", "砂拉越", "砂劳越", "古晋", "சரவாக்"),
    "MY-14": ("kuala lumpur", "kl", "wilayah persekutuan", "吉隆坡", "கோலாலம்பூர்"),
    "MY-15": ("labuan", "纳闽", "லாபுவான்"),
    "MY-16": ("putrajaya", "布城", "புத்ராஜெயா"),
}


def _table() -> dict[str, str]:
    return {normalise.bare(word): code for code, words in _SPELLINGS.items() for word in words}


_CODES: Final = _table()


def find(text: str) -> str | None:
    """The code of the state that a short answer names, or None."""
    word = normalise.bare(text[:80])
    if word in _CODES:
        return _CODES[word]
    padded = f" {word} "
    spaced = (code for name, code in _CODES.items() if len(name) > 2 and f" {name} " in padded)
    wide = (code for name, code in _CODES.items() if not name.isascii() and name in word)
    return next(spaced, None) or next(wide, None)
