"""The fonts of the pictures: parts of Noto Sans that hold the characters used, and no more.

`run.py lessons fonts` makes them from the fonts of the system (Debian: fonts-noto-core,
fonts-noto-cjk), which only whoever changes the lessons needs. What each font holds is written
beside it, so that the check needs no tool for fonts.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

from bot.errors import ContentWrong
from bot.messages import LANGUAGES, Language

FOLDER: Final = Path(__file__).parent / "fonts"
Name = Literal["latin", "tamil", "han"]
OF_LANGUAGE: Final[dict[Language, Name]] = {
    "ms": "latin",
    "en": "latin",
    "zh": "han",
    "ta": "tamil",
}
ALWAYS: Final = frozenset(string.ascii_letters + string.digits + string.punctuation + " …“”‘’–·•")
_TAMIL: Final = frozenset(
    c for c in map(chr, range(0x0B80, 0x0C00)) if unicodedata.category(c) != "Cn"
)
"""The whole script: a syllable may need a sign that stands in no lesson alone."""
_HAN: Final = frozenset("，。！？；：、（）「」『』《》—～￥％＋")
SYSTEM: Final[dict[Name, tuple[tuple[str, int], ...]]] = {
    "latin": (("truetype/noto/NotoSans-Regular.ttf", -1),),
    "tamil": (
        ("truetype/noto/NotoSans-Regular.ttf", -1),
        ("truetype/noto/NotoSansTamil-Regular.ttf", -1),
    ),
    "han": (("opentype/noto/NotoSansCJK-Regular.ttc", 2),),
}
"""Files under the system's folder of fonts, and which font of a collection."""


def path(name: Name) -> Path:
    """The font's file."""
    return FOLDER / f"{name}.{'otf' if name == 'han' else 'ttf'}"


def held(name: Name) -> frozenset[str]:
    """The characters a font holds."""
    listed = FOLDER / f"{name}.txt"
    try:
        return frozenset(listed.read_text(encoding="utf-8").replace("\n", ""))
    except FileNotFoundError:
        raise ContentWrong(f"{listed.name} is missing: run.py lessons fonts") from None


def wanted(said: Mapping[Language, Iterable[str]]) -> dict[Name, frozenset[str]]:
    """The characters each font needs, from what is said in each language."""
    found: dict[Name, set[str]] = {
        "latin": set(ALWAYS), "tamil": set(ALWAYS | _TAMIL), "han": set(ALWAYS | _HAN)
    }  # fmt: skip
    for language in LANGUAGES:
        for text in said.get(language, ()):
            found[OF_LANGUAGE[language]].update(text)
    return {name: frozenset(chars - {"\n", "\r", "\t"}) for name, chars in found.items()}


def make(said: Mapping[Language, Iterable[str]], system: Path) -> dict[Name, str]:
    """Write the fonts anew; gives for each the characters that no font of the system has. Raises
    ContentWrong where a font of the system is missing.
    """
    lacking = {}
    for name, characters in wanted(said).items():
        sources = [(system / file, number) for file, number in SYSTEM[name]]
        for file, _ in sources:
            if not file.exists():
                raise ContentWrong(f"{file} is missing: install fonts-noto-core and fonts-noto-cjk")
        there = _write(path(name), sources, characters)
        lines = [there[start : start + 80] for start in range(0, len(there), 80)]
        (FOLDER / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        lacking[name] = "".join(sorted(characters - set(there)))
    return lacking


def _write(target: Path, sources: list[tuple[Path, int]], characters: frozenset[str]) -> str:
    """One font of the parts of one or two; gives the characters in it, in order."""
    from fontTools import merge, subset, ttLib  # only whoever makes the fonts has it

    parts: list[Path] = []
    there: set[str] = set()
    for file, number in sources:
        font = ttLib.TTFont(file, fontNumber=number, recalcTimestamp=False)
        mine = {c for c in characters if ord(c) in font.getBestCmap() and c not in there}
        there |= mine
        options = subset.Options(layout_features=["*"], notdef_outline=True, hinting=False)
        maker = subset.Subsetter(options)
        maker.populate(unicodes=[ord(c) for c in mine])
        maker.subset(font)
        part = target.with_suffix(f".{len(parts)}")
        font.save(part)
        parts.append(part)
    if len(parts) > 1:
        whole = merge.Merger().merge([str(part) for part in parts])
        whole.recalcTimestamp = False  # the same characters give the same file
        made = ttLib.TTFont(parts[0])["head"].modified
        whole["head"].created = whole["head"].modified = made
        whole.save(target)
    else:
        parts[0].replace(target)
    for part in parts:
        part.unlink(missing_ok=True)
    return "".join(sorted(there))
