"""What people type instead of tapping, in care and in a report: whole conversations found these."""

from __future__ import annotations

import pytest

from bot.conversation import effects, spoken
from bot.language import normalise
from bot.messages import LANGUAGES, Language
from tests.conversation.said import EMERGENCY, THREAT
from tests.conversation.talk import Talk, text
from tests.conversation.test_spoken_commands import in_consent, reported

DELETE: dict[Language, tuple[str, ...]] = {
    "ms": ("padam", "Padam la!", "padam semua"),
    "en": ("delete", "delete it pls"),
    "zh": ("删掉", "删掉吧", "删除。"),
    "ta": ("அழிச்சிடுங்க", "azhichidunga"),
}
PASS: dict[Language, tuple[str, ...]] = {
    "ms": ("hantar je", "sampaikan"),
    "en": ("pass it on", "send it"),
    "zh": ("转交吧", "转交"),
    "ta": ("அனுப்புங்க", "anuppunga"),
}
BARE: dict[Language, tuple[str, ...]] = {
    "ms": ("ya", "tak nak"),
    "en": ("yes", "no la"),
    "zh": ("要", "不要啦"),
    "ta": ("ஆமாம்", "வேணாம்"),
}
ALONE: dict[Language, tuple[str, ...]] = {
    "ms": ("saya sorang", "aku je", "takde"),
    "en": ("only me", "nobody else la"),
    "zh": ("没有", "只有我啦", "自己"),
    "ta": ("நான் மட்டும்தான்", "naan mattum"),
}
SHARED: dict[Language, tuple[str, ...]] = {
    "ms": ("adik guna gak", "ada"),
    "en": ("family phone", "yes"),
    "zh": ("妈妈也有用", "有"),
    "ta": ("அம்மாவும்", "irukku"),
}
NOT_SAFE: dict[Language, tuple[str, ...]] = {
    "ms": ("x selamat", "tak selamat la"),
    "en": ("not safe", "no"),
    "zh": ("不安全", "不太安全啦"),
    "ta": ("பாதுகாப்பா இல்ல", "illa"),
}
WRONG: dict[Language, tuple[str, ...]] = {
    "ms": ("salah faham", "awak salah faham la"),
    "en": ("you got me wrong", "misunderstood la"),
    "zh": ("误会了", "你误会了啦"),
    "ta": ("தப்பா புரிஞ்சிட்டீங்க", "thappa purinjiteenga"),
}
LEAVING: dict[Language, tuple[str, ...]] = {
    "ms": ("tutup", "mak datang"),
    "en": ("close it", "my mum is coming"),
    "zh": ("关掉", "退出啦", "隐藏啦"),
    "ta": ("மூடு", "amma varanga"),
}
ASKS_WHO: dict[Language, str] = {
    "ms": "sape yg baca nnt",
    "en": "who will read this",
    "zh": "你会跟我爸妈讲吗",
    "ta": "அம்மாவுக்கு தெரிஞ்சிடுமா",
}
OPENS: dict[Language, str] = {
    "ms": "nak cerita sikit",
    "en": "can i ask smth",
    "zh": "可以跟你讲一件事吗",
    "ta": "எனக்கு ஒரு பிரச்சனை இருக்கு",
}
READ_YET: dict[Language, str] = {
    "ms": "ada org baca tak",
    "en": "anyone read it?",
    "zh": "有人看了吗",
    "ta": "யாராவது படிச்சாங்களா",
}


def at_no(language: Language) -> Talk:
    """Asked once more after a no: delete, or pass on?"""
    talk = in_consent(language)
    talk.tap("no")
    assert talk.state.place.step == "no"
    return talk


KEEP: dict[Language, str] = {
    "ms": "tak nak padam",
    "en": "dont delete",
    "zh": "不要删",
    "ta": "அழிக்க வேணாம்",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_asked_to_keep_it_keeps_and_says_for_how_long(language: Language) -> None:
    talk = at_no(language)
    assert text(language, "care.draft") in talk.say(KEEP[language])
    assert (talk.case.status, talk.case.level) == ("draft", "urgent")
    assert not talk.asked(effects.KeepWords)


def at_step(language: Language, step: str) -> Talk:
    """In care, at one of its first questions."""
    talk = Talk().onboard(language)
    talk.say(THREAT[language])
    for choice in {"first": (), "safe": ("help",), "device": ("help", "yes")}[step]:
        talk.tap(choice)
    assert talk.state.place.step == step
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_delete_and_for_pass_on_are_heard_where_it_is_asked(language: Language) -> None:
    for words in DELETE[language]:
        talk = at_no(language)
        assert text(language, "care.no_done", safe=talk.house.safe_words[language]) in talk.say(
            words
        )
        assert not talk.state.cases
    for words in PASS[language]:
        talk = at_no(language)
        talk.say(words)
        assert talk.case.status == "sent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bare_yes_or_no_deletes_nothing_and_is_told_what_to_write(language: Language) -> None:
    for words in BARE[language]:
        talk = at_no(language)
        answer = talk.say(words)
        assert text(language, "care.no_unclear") in answer
        assert not talk.asked(effects.KeepWords)
        assert (talk.case.status, talk.state.place.step) == ("draft", "no")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["first", "safe", "device"])
def test_asked_to_delete_anywhere_in_care_it_asks_what_to_delete(
    language: Language, step: str
) -> None:
    talk = at_step(language, step)
    assert text(language, "care.no_ask") in talk.say(DELETE[language][0])
    assert talk.case.status == "draft"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_else_uses_the_phone_is_heard_in_own_words(language: Language) -> None:
    for words, device in [(w, "only_me") for w in ALONE[language]] + [
        (w, "others_too") for w in SHARED[language]
    ]:
        talk = at_step(language, "device")
        talk.say(words)
        assert (talk.state.place.step, talk.case.device) == ("consent", device), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_11_not_safe_in_own_words_gets_999_first(language: Language) -> None:
    for words in NOT_SAFE[language]:
        talk = at_step(language, "safe")
        answer = talk.say(words)
        assert answer.startswith(text(language, "care.not_safe")), words
        assert talk.case.safe_now == "no"


@pytest.mark.parametrize("language", LANGUAGES)
def test_06_you_got_me_wrong_in_own_words_leads_back(language: Language) -> None:
    for words in WRONG[language]:
        talk = at_step(language, "first")
        assert text(language, "care.wrong_done") in talk.say(words), words
        assert talk.state.place.name == "menu"


@pytest.mark.parametrize(
    "words",
    [
        "not me",
        "wrong",
        "bukan saya",
        "bukan mcm tu",
        "不是我",
        "不是这样",
        "apdi illa",
        "அப்படி இல்ல",
    ],
)
def test_what_may_be_of_a_friend_lets_go_of_nothing(words: str) -> None:
    talk = at_step("en", "first")
    talk.say(words)
    assert talk.case.words == 2
    assert (talk.state.place.name, talk.case.status) == ("care", "draft")


@pytest.mark.parametrize("language", LANGUAGES)
def test_27_words_for_leaving_hide_at_once(language: Language) -> None:
    for words in LEAVING[language]:
        talk = at_step(language, "first")
        talk.say(words)
        assert talk.state.hidden, words
        assert talk.asked(effects.Hush)


@pytest.mark.parametrize("language", LANGUAGES)
def test_25_who_will_read_it_is_answered_and_consent_asked_again(language: Language) -> None:
    talk = in_consent(language)
    answer = talk.say(ASKS_WHO[language])
    assert text(language, "care.who_reads", operator="Rumah Ujian") in answer
    assert text(language, "care.kept") not in answer
    assert talk.state.place.step == "consent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_09_whoever_asks_whether_they_may_tell_is_told_yes(language: Language) -> None:
    talk = Talk().onboard(language)
    answer = talk.say(OPENS[language])
    told = text(language, "care.can_tell", safe=talk.house.safe_words[language])
    assert told in answer or text(language, "care.check_in") in answer
    assert text(language, "common.not_understood") not in answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_26_asked_whether_anybody_has_read_it_the_bot_says_how_it_stands(
    language: Language,
) -> None:
    talk = reported(language)
    answer = talk.say(READ_YET[language])
    assert text(language, "report.added") not in answer
    assert text(language, "report.menu", operator="Rumah Ujian") in answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_more_sentence_of_the_same_does_not_throw_back_from_consent(language: Language) -> None:
    talk = in_consent(language)
    talk.say(EMERGENCY[language])
    assert talk.state.place.step == "first"  # graver than all before: the first answer again
    talk.tap("help")
    assert talk.state.place.step == "consent"  # and neither of the two questions a second time


def test_no_spelling_of_one_answer_is_a_spelling_of_another() -> None:
    assert sum(len(words) for answers in spoken.MEANT.values() for _, words in answers) > 200
    for step, answers in spoken.MEANT.items():
        seen: dict[str, str] = {}
        for choice, words in answers:
            for word in words:
                assert normalise.bare(word) == word, word
                assert seen.setdefault(word, choice) == choice, (step, word)
