"""What users write in the tests: short, vague, not graphic; in four languages."""

from __future__ import annotations

from bot.messages import Language

THREAT: dict[Language, str] = {
    "ms": "dia ugut nak sebar gambar aku kalau tak bayar",
    "en": "he will send my photo to my class if i dont pay",
    "zh": "他威胁说不给钱就把我的照片发给全班",
    "ta": "பணம் தரலைன்னா என் போட்டோவ எல்லாருக்கும் அனுப்புவேன்னு மிரட்டுறான்",
}
SUICIDAL: dict[Language, str] = {
    "ms": "aku dah tak nak hidup lagi",
    "en": "i want to kill myself",
    "zh": "我不想活了",
    "ta": "எனக்கு சாகணும் போல இருக்கு",
}
EMERGENCY: dict[Language, str] = {
    "ms": "saya baru telan banyak ubat nak mati",
    "en": "i just took all the pills to die",
    "zh": "我刚刚吞了很多药想死",
    "ta": "சாகறதுக்கு இப்ப நிறைய மாத்திரை சாப்பிட்டேன்",
}
FRIEND: dict[Language, str] = {
    "ms": "kawan saya kata pakcik dia sentuh dia",
    "en": "my friend told me her uncle touches her",
    "zh": "我朋友说她叔叔摸她",
    "ta": "என் தோழியை அவ மாமா தப்பா தொடுறாராம்",
}
HINTS: dict[Language, tuple[str, ...]] = {
    "ms": (
        "dia kata nak tunjuk semua orang",
        "aku dah x nak ada kat sini",
        "dia suruh aku jgn bgtau mak",
    ),
    "en": (
        "he says he will show everyone",
        "I don't want to be here any more",
        "he told me not to tell my mum",
    ),
    "zh": ("他说要给大家看", "我不想在这里了", "他叫我不要告诉妈妈", "wo bu xiang huo le"),
    "ta": ("எல்லாருக்கும் காட்டிடுவேன்னு சொல்றான்", "அம்மாகிட்ட சொல்லாதேன்னு சொன்னான்", "enaku saaganum pola iruku"),
}  # fmt: skip
HELP_WORDS: dict[Language, tuple[str, ...]] = {
    "ms": ("tolong", "TOLONG", "Tolonggg!!", "payung", "PAYUNG"),
    "en": ("help", "HELP!!!", "/help", "umbrella", "Umbrella."),
    "zh": ("帮", "救命！", "帮我", "雨伞", "yusan"),
    "ta": ("உதவி", "உதவி!!", "udhavi", "குடை", "KUDAI"),
}
