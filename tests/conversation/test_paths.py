"""A path for every harm, for whom it is about, and for the reader's age; and what is said beside a
harm (care.md, decisions 4, 5, 12, 17; behaviours 16 and 20 to 24).
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.conversation import effects, steps
from bot.messages import LANGUAGES, Incoming, Language, Words
from bot.safeguarding.concern import HARMS, About, Concern, Harm
from tests.conversation.said import THREAT
from tests.conversation.talk import Talk, filled, library, screen, text

WALK = "care.take_down_walk"


def told(
    language: Language,
    harm: Harm,
    *,
    role: str = "child",
    band: str = "13-17",
    about: About = "self",
    **more: Any,
) -> Talk:
    """A telling as screening would give it, from whoever is here; then "Help me"."""
    talk = Talk().onboard(language, role, band)
    concern = Concern("concern", (harm,), about, language=language, **more)
    talk.take(Incoming("told", talk.chat, "text", Words("it is about me")), concern)
    assert talk.state.place.step == "first"
    talk.first = talk.said  # type: ignore[attr-defined]
    talk.tap("help")
    return talk


def said(talk: Talk, key: str) -> bool:
    profile = talk.state.profile()
    adult = profile is None or profile.role != "child"
    return text(talk.case.language, key, adult=adult) in talk.said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("harm", HARMS)
def test_every_harm_has_its_own_steps(language: Language, harm: Harm) -> None:
    talk = told(language, harm)
    assert said(talk, steps.OWN[harm])
    others = {key for other, key in steps.OWN.items() if other != harm}
    assert not any(said(talk, key) for key in others)
    assert "15999" in talk.said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("harm", [harm for harm in HARMS if harm in steps.SMALL])
def test_the_smallest_get_the_shortest_words_and_a_grown_up(language: Language, harm: Harm) -> None:
    talk = told(language, harm, band="7-9")
    assert said(talk, steps.SMALL[harm])
    assert said(talk, "care.small_steps")
    assert not said(talk, steps.OWN[harm])


@pytest.mark.parametrize("language", LANGUAGES)
def test_17_parents_and_teachers_hear_their_own_duty_and_children_never(language: Language) -> None:
    parent = told(language, "self_harm", role="parent", about="own_child")
    assert said(parent, "care.parent_steps")
    assert said(parent, "care.parent_self_harm")
    teacher = told(language, "bullying", role="teacher", about="pupil")
    assert said(teacher, "care.teacher_steps")
    assert not said(teacher, "care.parent_steps")
    child = told(language, "sexual_abuse", about="own_child")
    assert not said(child, "care.parent_steps")
    assert not said(child, "care.teacher_steps")


@pytest.mark.parametrize("language", LANGUAGES)
def test_17_violence_at_home_begins_with_999_for_an_adult(language: Language) -> None:
    talk = told(language, "physical_abuse", role="parent", about="own_child")
    assert "999" in talk.first.split("\n")[0]  # type: ignore[attr-defined]
    assert said(talk, "care.parent_home")


@pytest.mark.parametrize("language", LANGUAGES)
def test_23_a_friend_who_wants_to_die_is_not_left_alone(language: Language) -> None:
    talk = told(language, "self_harm", about="friend")
    assert said(talk, "care.friend_steps")
    assert said(talk, "care.friend_self_harm")
    pictures = told(language, "image_abuse", about="friend")
    assert said(pictures, "care.friend_pictures")


# -- behaviour 16: a grown-up of one's own choice

ASSUMES: dict[Language, str] = {
    "ms": r"beritahu (ibu|bapa|mak|ayah|ibu bapa)\b",
    "en": r"tell your (parents?|mother|father|mum|dad)",
    "zh": "告诉(你的|您的)?(爸爸|妈妈|父母|家长)",
    "ta": "(அம்மா|அப்பா|பெற்றோர)[^ ]*(விடம்|ிடம்) சொல்",
}
CHOSEN: dict[Language, str] = {
    "ms": "Tidak semestinya ibu atau bapa",
    "en": "does not have to be a parent",
    "zh": "不一定要是爸爸妈妈",
    "ta": "பெற்றோராக இருக்க வேண்டியதில்லை",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_16_a_grown_up_is_someone_you_choose_and_no_text_assumes_a_parent_is_safe(
    language: Language,
) -> None:
    assert CHOSEN[language] in text(language, "help.nobody_answers")
    talk = told(language, "sexual_abuse")
    assert CHOSEN[language] in talk.said
    looked = 0
    for key, sentence in care_sentences(language):
        assert not re.search(ASSUMES[language], sentence), key
        looked += 1
    assert looked > 80


def care_sentences(language: Language) -> list[tuple[str, str]]:
    """Every sentence of care, help and report as a child reads it."""
    texts = library().texts
    keys = [k for k in texts.keys("en") if k.startswith(("care.", "help.", "report."))]
    return [(key, texts.get(language, key, adult=False, **filled())) for key in keys]


# -- behaviours 20 and 21: threats and pictures

KEEP_WORDS: dict[Language, tuple[str, ...]] = {
    "ms": ("Jangan bayar", "simpan", "sekat"),
    "en": ("don't pay", "keep the words", "block"),
    "zh": ("不要付钱", "保留", "封锁"),
    "ta": ("பணம்", "அழிக்காமல் வையுங்கள்", "தடை"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_20_a_threat_gets_every_step_and_never_stopncii(language: Language) -> None:
    talk = Talk().onboard(language)
    first = talk.say(THREAT[language])
    then = talk.tap("help")
    both = (first + then).lower()
    for words in KEEP_WORDS[language]:
        assert words.lower() in both, words
    assert "997" in then
    assert "takeitdown.ncmec.org" in then
    assert "15999" in then
    assert "stopncii" not in both
    assert text(language, "care.threat_steps") in then


NO_MALAY: dict[Language, str] = {
    "ms": "tiada bahasa Melayu",
    "en": "no Malay",
    "zh": "没有马来文",
    "ta": "மலாய் இல்லை",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_21_take_it_down_is_walked_through_and_promises_nothing_for_chats(
    language: Language,
) -> None:
    walk = text(language, WALK)
    assert NO_MALAY[language] in walk
    assert "WhatsApp" in walk
    assert [f"{n}." in walk for n in (1, 2, 3, 4)] == [True] * 4
    talk = told(language, "image_abuse")
    for choice in ("skip", "only_me", "yes"):
        talk.tap(choice)
    while talk.state.place.step != "picture":
        talk.tap("no" if "no" in talk.names else "skip")
    assert walk in talk.tap("take_down")
    while talk.state.place.name == "care":
        talk.tap("skip")
    assert walk in talk.tap("take_down"), "and later, from the report"


def test_21_without_people_the_way_to_take_a_picture_down_stays() -> None:
    talk = Talk(intake_open=False).onboard("en")
    talk.say(THREAT["en"])
    talk.tap("help")
    talk.tap("skip")
    assert talk.state.place.step == "not_open"
    assert text("en", WALK) in talk.tap("take_down")
    bullied = told("en", "bullying")
    bullied.tap("skip")
    assert "take_down" not in bullied.names


# -- behaviours 22 and 24, the police, "just testing", anger

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
        assert outside.state.cases == ()


def _about_self(talk: Talk) -> Any:
    import msgspec

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


# -- decision 12: Tamil with Latin letters, and the card for a call


def test_who_writes_tamil_with_latin_letters_is_answered_so() -> None:
    talk = Talk().onboard("ta")
    first = talk.say("enaku saaganum pola iruku")
    assert library().romanised("care.heard") in first  # type: ignore[operator]
    assert not re.search("[\u0b80-\u0bff]", first.replace("தமிழ்", "").split("\n\n")[0])
    assert talk.choices[0].label == library().romanised("button.care_help")
    talk.say("எனக்கு பயமா இருக்கு")
    again = talk.say("ok")
    assert re.search("[\u0b80-\u0bff]", talk.said + again), "and in script when they change to it"


def test_the_core_of_care_is_there_in_latin_letters() -> None:
    from bot.library import romanised
    from tests.conversation.talk import ROOT

    lines = romanised.read(ROOT)
    core = {
        "care.danger", "care.heard", "care.not_your_fault", "care.threat_now", "care.check_in",
        "care.self_harm_now", "care.choose", "care.safe_word", "care.safe_ask", "care.not_safe",
        "care.device", "care.consent", "care.sent", "care.no_first", "button.care_help",
        "button.care_wrong", "button.consent_yes", "button.consent_no", *steps.OWN.values(),
    }  # fmt: skip
    assert sorted(core - set(lines)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_for_a_call_is_in_the_help_list(language: Language) -> None:
    talk = Talk().onboard(language)
    talk.say("help")
    place = talk.state.place
    card = talk.tap("call_card")
    assert text(language, "help.call_card") in card
    assert "Saya perlukan bantuan" in card
    assert "tell" in talk.names
    talk.tap("back")
    assert talk.state.place == place


# -- behaviour 30: fixed, the same in all four


@pytest.mark.parametrize("language", LANGUAGES)
def test_30_every_sentence_of_care_is_there_to_a_child_and_to_an_adult(language: Language) -> None:
    texts = library().texts
    keys = [k for k in texts.keys("en") if k.startswith(("care.", "help.", "report.", "relay."))]
    assert len(keys) > 90
    for key in keys:
        assert texts.has(language, key), key
    spoken = {key for table in (steps.OWN, steps.SMALL, steps.FRIEND, steps.ADULT)
              for key in table.values()}  # fmt: skip
    assert spoken <= set(keys)
