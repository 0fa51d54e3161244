"""What whole conversations brought to light: the right sentence to the right person."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation import effects
from bot.messages import LANGUAGES, Incoming, Language, Words
from bot.safeguarding.concern import About, Concern, Harm
from tests.conversation.said import EMERGENCY
from tests.conversation.talk import Talk, screen, text
from tests.conversation.test_paths import said, told
from tests.conversation.test_spoken_commands import in_consent, reported


def alarming(talk: Talk, words: str, *kinds: Harm, level: Any = "urgent", **more: Any) -> str:
    """A further message that screening takes so."""
    concern = Concern(level, kinds, more.pop("about", "self"), **more)
    return talk.take(Incoming(f"m{talk.turns}", talk.chat, "text", Words(words)), concern)


@pytest.mark.parametrize("language", LANGUAGES)
def test_12_a_wish_to_die_after_the_hand_off_gets_a_line_and_rings(language: Language) -> None:
    talk = reported(language)
    said_now = alarming(talk, "x", "self_harm")
    assert text(language, "care.self_harm_now") in said_now
    assert "15999" in said_now
    assert talk.asked(effects.Alarm)
    assert text(language, "report.added") in alarming(talk, "x", "bullying", level="concern")
    assert not talk.asked(effects.Alarm)


@pytest.mark.parametrize("language", LANGUAGES)
def test_12_the_steps_of_self_harm_are_never_cut(language: Language) -> None:
    talk = Talk().onboard(language)
    alarming(talk, "x", "sexual_extortion", "grooming", level="concern")
    alarming(talk, "x", "self_harm")
    talk.tap("help")
    assert said(talk, "care.self_harm_steps")


@pytest.mark.parametrize("language", LANGUAGES)
def test_12_a_friends_or_a_childs_wish_to_die_is_told_to_whoever_is_beside_them(
    language: Language,
) -> None:
    talk = Talk().onboard(language)
    now = alarming(talk, "x", "self_harm", about="friend")
    assert said(talk, "care.friend_self_harm")
    assert not said(talk, "care.self_harm_now")
    assert "15999" in now
    talk = Talk().onboard(language, "parent")
    alarming(talk, "x", "self_harm", about="own_child")
    assert said(talk, "care.parent_self_harm")
    assert not said(talk, "care.self_harm_now")


REFUSES: dict[Language, str] = {
    "ms": "jangan bagitahu sesiapa",
    "en": "no dont pass it to anyone pls",
    "zh": "不要告诉别人",
    "ta": "யார்கிட்டயும் சொல்லாதீங்க",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_25_a_no_in_own_words_ends_the_promise_and_shows_999(language: Language) -> None:
    talk = Talk(pass_without_answer=True).onboard(language)
    talk.say(EMERGENCY[language])
    before = talk.case.promised
    assert screen().assess(REFUSES[language]).asides == ("refuses",)
    concern = Concern(asides=("refuses",))
    answer = talk.take(Incoming("no", talk.chat, "text", Words(REFUSES[language])), concern)
    assert text(language, "care.promise_stopped") in answer
    assert "999" in answer
    assert "15999" in answer
    assert (before, talk.case.promised) == (True, False)
    assert "emergency_draft" in {e.kind for e in talk.asked(effects.Cancel)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_25_other_words_are_told_again_what_will_happen(language: Language) -> None:
    talk = Talk(pass_without_answer=True).onboard(language)
    talk.say(EMERGENCY[language])
    promise = text(language, "care.promise", operator="Rumah Ujian")
    assert promise in talk.say("ok")
    assert talk.case.promised


@pytest.mark.parametrize(
    ("role", "named", "about"),
    [
        ("parent", "own_child", "own_child"),
        ("teacher", "pupil", "pupil"),
        ("teacher", "friend", "pupil"),
        ("child", "friend", "self"),
        ("parent", "unknown", "self"),
    ],
)
def test_17_who_has_said_to_be_a_parent_or_teacher_speaks_of_the_child(
    role: str, named: About, about: About
) -> None:
    talk = Talk().onboard("en", role)
    alarming(talk, "x", "sexual_abuse", named=named)
    assert talk.case.about == about


def test_a_threat_that_turns_out_to_be_ones_own_leaves_the_friends_path() -> None:
    talk = Talk().onboard("en")
    alarming(talk, "x", "sexual_extortion", about="friend")
    found = [talk.case.about]
    for about in ("self", "friend"):
        alarming(talk, "x", "sexual_extortion", about=about)
        found.append(talk.case.about)
    assert found == ["friend", "self", "self"]


def test_17_a_teacher_hears_nothing_of_a_violent_home_of_her_own() -> None:
    teacher = told("en", "physical_abuse", role="teacher", about="pupil")
    assert said(teacher, "care.teacher_steps")
    assert not said(teacher, "care.parent_home")


NOT_SAFE: dict[Language, tuple[str, ...]] = {
    "ms": ("tak selamat", "x selamat"),
    "en": ("not safe", "im not safe"),
    "zh": ("不安全",),
    "ta": ("பாதுகாப்பா இல்ல",),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_11_not_safe_in_everyday_words_gives_999(language: Language) -> None:
    for words in NOT_SAFE[language]:
        talk = told(language, "bullying")
        assert talk.state.place.step == "safe"
        incoming = Incoming("no", talk.chat, "text", Words(words))
        assert text(language, "care.not_safe") in talk.take(incoming, Concern())
        assert talk.case.safe_now == "no"


TAKE_BACK: dict[Language, str] = {
    "ms": "nak tarik balik",
    "en": "i want to take it back",
    "zh": "我要撤回",
    "ta": "திரும்ப எடுக்கணும்",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_to_take_it_back_is_no_line_for_the_reader(language: Language) -> None:
    talk = reported(language)
    incoming = Incoming("back", talk.chat, "text", Words(TAKE_BACK[language]))
    assert text(language, "report.take_back_ask") in talk.take(incoming, Concern())
    assert not talk.asked(effects.KeepWords)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_friends_or_a_mothers_picture_is_not_called_theirs(language: Language) -> None:
    yours = text(language, "care.threat_picture")
    assert yours in told(language, "image_abuse").said
    assert yours not in told(language, "image_abuse", about="friend").said
    mother = told(language, "image_abuse", role="parent", about="own_child")
    assert text(language, "care.threat_picture", adult=True) not in mother.said


@pytest.mark.parametrize(
    ("language", "words", "status"),
    [
        ("ms", "boleh la", "sent"), ("ms", "jgn hantar", "draft"), ("ms", "tak nak la", "draft"),
        ("en", "yes lah", "sent"), ("en", "no la", "draft"),
        ("zh", "好的", "sent"), ("zh", "好啊", "sent"), ("zh", "不要啦", "draft"),
        ("zh", "不用了", "draft"),
        ("ta", "சரிங்க", "sent"), ("ta", "வேண்டாங்க", "draft"),
    ],
)  # fmt: skip
def test_25_yes_and_no_as_people_here_write_them(
    language: Language, words: str, status: str
) -> None:
    talk = in_consent(language)
    talk.take(Incoming("x", talk.chat, "text", Words(words)), Concern())
    assert talk.case.status == status
    assert talk.state.place.step != "consent"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["selamat", "safe", "安全", "tak selamat", "not safe", "不安全"])
def test_25_safe_is_no_yes_to_being_passed_on(language: Language, words: str) -> None:
    talk = in_consent(language)
    talk.take(Incoming("x", talk.chat, "text", Words(words)), Concern())
    assert talk.case.status == "draft"
    assert talk.state.place.step == "consent"
