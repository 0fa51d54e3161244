"""Which of the four languages a text is in: scripts first, then small word lists. A guess; screening never asks it."""

from __future__ import annotations

import re
from typing import Final

from bot.language import fold
from bot.messages import Language

FALLBACK: Final[Language] = "ms"
"""What a report or a line says where no word gave the language away: the national language."""

_SAMPLE: Final = 300
"""Characters that are looked at."""

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_TAMIL: Final = re.compile("[\u0b80-\u0bff]")
_LATIN: Final = re.compile("[a-z]")

_LISTS: Final[dict[tuple[Language, bool], str]] = {
    ("ms", False): """saya aku awak kamu dia kami kita diorang nak tak tidak ada takde yang dan dengan untuk dari dalam pada kat
        di ke ini itu apa siapa macam sebab kalau boleh dah sudah belum lagi je lah la pun orang kawan mak ayah abang kakak adik
        cikgu sekolah rumah hari malam suka takut sakit buat pergi balik cakap bagitahu hantar gambar duit bayar tolong jangan
        minta suruh selalu semua sangat banyak kena punya rasa mati hidup makan tidur main tengok sini situ bukan kitorang
        bila kenapa mana bagi saja sahaja adalah akan telah oleh lupakan ni tu sy ak ko kau abg nk kt gmbr mlm ptg pg td skrg
        xde xnak bgtau dgn utk lelaki perempuan pakcik makcik abah bapak emak ibu sentuh raba pukul ugut ajak jumpa bogel org
        mcm xtau weh bosan ikat pegang""",
    ("en", False): """i you he she it we they me him her us them my your his our their the a an is am are was were be been do does
        did have has had will would can could should not dont no yes to of in on at for with from and or but if so because what
        who why how when where this that there here want help please know think like said told tell going go get got someone
        everyone friend mum dad teacher school home just all any more about out up""",
    ("ta", True): """enaku enakku ennaku naan nan nanu naa avan aval avar avanga avaru ennai enna ena enne en unaku unakku
        illa illai ille iruku irukku iruken irukken irukan venum vendam venam pola mathiri maathiri amma appa anna akka thambi
        thangachi mama sonnan sonna solra solran panna panran pannunga pannitu pandran kuda kooda romba rombe nalla ipo ippo
        epdi eppadi yaru yaar ethuku yen inga anga vanthu poren poiten varen mudiyala mudila mudiyathu bayama payama intha
        antha ana aana konjam theriyum theriyala theriyathu thaan than da di dei ayyo veetla vitla udavi uthavi""",
    ("zh", True): """wo ni ta women tamen bu xiang yao de shi le ma ba ne zai you mei meiyou shenme zenme hen dou bang wode
        baba mama laoshi xuexiao jia huijia haipa pa sile huo shuo jiao gei qian zhaopian buyao buxiang jiuming bangwo""",
}  # fmt: skip
_VOTES: Final[dict[str, tuple[tuple[Language, bool], ...]]] = {
    word: tuple(key for key, words in _LISTS.items() if word in words.split())
    for listed in _LISTS.values()
    for word in listed.split()
}


def language_of(text: str) -> tuple[Language | None, bool]:
    """The likeliest language and whether it is written in Latin letters though its own script is another."""
    return of_spaced(fold.spaced(text))


def of_spaced(spaced: str) -> tuple[Language | None, bool]:
    """The same for text that went through `fold.spaced`."""
    spaced = spaced[:_SAMPLE]
    if not spaced.isascii():
        han, tamil = len(_HAN.findall(spaced)), len(_TAMIL.findall(spaced))
        latin = len(_LATIN.findall(spaced))
        if tamil > han * 2 and tamil * 3 > latin:
            return "ta", False
        if han and han * 6 > latin:
            return "zh", False
        if tamil:
            return "ta", False
    return _by_words(spaced)


def no_tamil(spaced: str) -> bool:
    """Whether Latin text is plainly in another language: two of its words are known, and none of them is Tamil."""
    votes = _votes(spaced)
    return ("ta", True) not in votes and sum(votes.values()) >= 2.0


def _by_words(spaced: str) -> tuple[Language | None, bool]:
    votes = _votes(spaced)
    return max(votes, key=lambda key: votes[key]) if votes else (None, False)


def _votes(spaced: str) -> dict[tuple[Language, bool], float]:
    votes: dict[tuple[Language, bool], float] = {}
    for word in spaced.split(" ", 60)[:60]:
        keys = _VOTES.get(word)
        if keys:
            share = 1.0 / len(keys)
            for key in keys:
                votes[key] = votes.get(key, 0.0) + share
    return votes
