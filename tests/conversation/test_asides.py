"""What is said beside a harm: fear over an account, the police, "just testing", anger, having done
harm (care.md, 5; behaviours 10, 22, 24).
"""

from __future__ import annotations

import msgspec
import pytest

from bot.conversation import effects
from bot.conversation.state import Conversation
from bot.messages import LANGUAGES, Language
from tests.conversation.said import THREAT
from tests.conversation.talk import Talk, library, screen, text

ACCOUNT: dict[Language, tuple[str, ...]] = {
    "ms": ("saya belum 16 tapi ada akaun", "sy tipu umur masa daftar"),
    "en": ("im not allowed to have tiktok", "i lied about my age"),
    "zh": ("我未满16岁", "我谎报年龄"),
    "ta": ("எனக்கு இன்னும் 16 வயசு ஆகல", "vayasu poi solliten"),
}
POLICE: dict[Language, tuple[str, ...]] = {
    "ms": ("polis akan tangkap saya ke", "takut kena tangkap"),
    "en": ("will the police arrest me", "can i go to jail"),
    "zh": ("警察会抓我吗", "我会不会被抓"),
    "ta": ("போலீஸ் என்னை பிடிப்பாங்களா", "police enna pidipangala"),
}
TESTING: dict[Language, tuple[str, ...]] = {
    "ms": ("saja test", "gurau je"),
    "en": ("just testing", "jk"),
    "zh": ("开玩笑的", "只是测试"),
    "ta": ("சும்மா சொன்னேன்", "summa sonnen"),
}
ANGRY: dict[Language, tuple[str, ...]] = {
    "ms": ("bot bodoh", "kau tak faham"),
    "en": ("stupid bot", "you dont understand"),
    "zh": ("笨机器人", "你根本不懂"),
    "ta": ("உனக்கு புரியாது", "unakku puriyathu"),
}


def in_care(language: Language) -> Talk:
    talk = Talk().onboard(language)
    talk.say(THREAT[language])
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
def test_22_the_rule_on_accounts_is_the_companys(language: Language) -> None:
    for words in ACCOUNT[language]:
        rule = text(language, "care.account_rule")
        talk = in_care(language)
        assert rule in _latin_or(talk.say(words), rule, "care.account_rule"), words
        assert talk.state.place.name == "care"
        outside = Talk().onboard(language)
        assert rule in _latin_or(outside.say(words), rule, "care.account_rule"), words


def _latin_or(said_now: str, wanted: str, key: str) -> str:
    """Whoever writes Tamil with Latin letters is answered so; that counts as the sentence."""
    latin = library().romanised(key, wrong="Naan sonnathu vera")
    return said_now + wanted if latin and latin in said_now else said_now


@pytest.mark.parametrize("language", LANGUAGES)
def test_asked_about_the_police_nothing_is_promised(language: Language) -> None:
    for words in POLICE[language]:
        talk = in_care(language)
        talk.state = _about_self(talk)
        answer = talk.say(words)
        wanted = text(language, "care.police")
        assert wanted in _latin_or(answer, wanted, "care.police"), words
        outside = Talk().onboard(language)
        open_line = text(language, "care.police_open")
        assert open_line in outside.say(words), words


def _about_self(talk: Talk) -> Conversation:
    case = msgspec.structs.replace(talk.case, about="self")
    return msgspec.structs.replace(talk.state, cases=(case,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_10_just_testing_stays_in_care_and_shows_the_way_back(language: Language) -> None:
    for words in TESTING[language]:
        talk = in_care(language)
        wrong = text(language, "button.care_wrong")
        wanted = text(language, "care.testing", wrong=wrong)
        assert wanted in _latin_or(talk.say(words), wanted, "care.testing"), words
        assert talk.state.place.name == "care"
        assert talk.names[:2] == ["help", "wrong"]
        assert talk.asked(effects.KeepWords)


@pytest.mark.parametrize("language", LANGUAGES)
def test_10_anger_is_met_with_patience(language: Language) -> None:
    for words in ANGRY[language]:
        talk = in_care(language)
        wanted = text(language, "care.angry")
        assert wanted in _latin_or(talk.say(words), wanted, "care.angry"), words
        assert talk.state.place.name == "care"
        assert screen().assess(words).level == "none"


DID: dict[Language, str] = {
    "ms": "saya yang sebar gambar kawan saya",
    "en": "i shared her pics in the group",
    "zh": "是我发的，我把她的照片发给别人",
    "ta": "நான்தான் அவளோட போட்டோவ அனுப்பினேன்",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_24_who_did_harm_is_not_threatened_and_helped_too(language: Language) -> None:
    talk = Talk().onboard(language)
    first = talk.say(DID[language])
    assert talk.state.place.name == "care"
    assert talk.case.did_harm
    assert text(language, "care.did_harm") in first
    assert text(language, "care.not_your_fault") not in first
    then = talk.tap("help")
    assert "15999" in then
    assert "takeitdown" not in first + then


def test_joking_in_the_middle_of_a_telling_is_part_of_it() -> None:
    talk = Talk().onboard("en")
    said_first = talk.say("he said just joking but he hit me again")
    assert talk.state.place.name == "care"
    wrong = text("en", "button.care_wrong")
    assert text("en", "care.testing", wrong=wrong) not in said_first
