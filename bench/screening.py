"""What screening costs: µs a message in four languages, beside a plain fold of the same text in
the same run.

python bench/screening.py
"""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.safeguarding import assess

TEXTS = {
    "en": "can we do the quiz about scams after recess today, my friend says it is fun. ",
    "ms": "boleh tak kita buat kuiz pasal scam lepas rehat, kawan saya kata best. ",
    "zh": "下课以后可以再做一次那个关于诈骗的小测验吗，我朋友说很好玩，徽章也很漂亮。",
    "ta": "இடைவேளைக்குப் பிறகு மோசடி பற்றிய வினாடி வினா செய்யலாமா, என் தோழி நல்லா இருக்குன்னு சொன்னா. ",
    "ta-Latn": "recess ku apram scam pathi quiz seiyalama, en friend nalla iruku nu sonna. ",
}
ROUNDS = 500
LONG = 10_000


def plain_fold(text: str) -> str:
    """The baseline: what any screening must at least do."""
    return unicodedata.normalize("NFKC", text).casefold()


def microseconds(work: Callable[[str], object], text: str, rounds: int) -> float:
    """The median of nine runs, in µs a call."""
    runs = []
    for _ in range(9):
        start = time.perf_counter()
        for _ in range(rounds):
            work(text)
        runs.append((time.perf_counter() - start) / rounds * 1e6)
    return sorted(runs)[len(runs) // 2]


def cut(text: str, size: int) -> str:
    """Exactly `size` characters of the text, repeated as needed."""
    return (text * (size // len(text) + 1))[:size]


def main() -> None:
    """Print one line a language and size."""
    start = time.perf_counter()
    screen = assess.load()
    print(f"load {(time.perf_counter() - start) * 1e3:.0f} ms, {screen.model}")
    print(f"{'language':<10}{'chars':>6}{'µs':>10}{'plain fold µs':>16}{'ratio':>8}")
    for language, text in TEXTS.items():
        for size in (40, 200, LONG):
            message = cut(text, size)
            rounds = ROUNDS if size < LONG else 5
            mine = microseconds(screen.assess, message, rounds // (1 if size == 40 else 2) or 1)
            base = microseconds(plain_fold, message, rounds)
            print(f"{language:<10}{size:>6}{mine:>10.1f}{base:>16.2f}{mine / base:>8.0f}")


if __name__ == "__main__":
    main()
