"""The first bubble, onboarding, and who is at the phone."""

from __future__ import annotations

import pytest

from bot.messages import LANGUAGES, Language
from tests.conversation.talk import HOUR, MINUTE, Talk, text


def test_01_first_bubble_says_what_it_is_before_any_question() -> None:
    talk = Talk(demo=False)
    said = talk.start()
    for language in LANGUAGES:
        assert text(language, "welcome.first") in said
    assert said.count("999") == 4
    assert "not a person" in said
    for word in ("tolong", "help", "帮", "உதவி"):
        assert word in said


def test_02_secrecy_is_never_promised_and_its_limit_is_said_at_the_start() -> None:
    said = Talk().start()
    for words in ("can't keep danger a secret", "不能保密", "இரகசியமாக வைக்க முடியாது"):
        assert words in said


def test_demo_is_said_in_the_first_bubble_and_only_there_where_it_is_one() -> None:
    assert text("en", "welcome.demo") in Talk(demo=True).start()
    assert text("en", "welcome.demo") not in Talk(demo=False).start()


@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp", "terminal"])
@pytest.mark.parametrize("band", ["7-9", "10-12", "13-17"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_onboarding_takes_at_most_four_turns(channel: str, band: str, language: Language) -> None:
    talk = Talk(channel)
    talk.start()
    before = talk.turns
    talk.tap(language)
    talk.tap("child")
    talk.tap(band)
    talk.tap("ok" if "ok" in talk.names else "yes")
    assert talk.turns - before <= 4
    assert talk.state.place.name == "menu"
    profile = talk.state.profile()
    assert profile is not None
    assert (profile.language, profile.band, profile.ready) == (language, band, True)


def test_a_language_chosen_on_the_page_is_not_asked_again() -> None:
    talk = Talk("web")
    said = talk.start("ta")
    assert text("ta", "welcome.role", adult=True) in said
    assert text("ms", "welcome.first") in said


def test_a_phones_own_language_is_only_a_hint() -> None:
    talk = Talk("telegram")
    talk.start("ta")
    assert talk.names == list(LANGUAGES)


def test_under_13_alone_on_a_messaging_app_gets_the_class_page_and_no_lessons() -> None:
    talk = Talk("telegram")
    talk.start()
    talk.tap("en")
    talk.tap("child")
    talk.tap("10-12")
    said = talk.tap("no")
    assert "http://teman.test/" in said
    assert text("en", "welcome.alone_help") in said
    assert text("en", "menu.no_lessons") in talk.tap("lessons")


def test_a_typed_label_number_or_letter_answers_too() -> None:
    talk = Talk()
    talk.start()
    talk.say("3")
    assert talk.state.language == "zh"
    talk.say(text("zh", "button.child"))
    assert talk.state.place.step == "band"
    talk.say(text("zh", "button.band_10_12"))
    assert talk.state.place.step == "about"


# -- shared phones


def two_profiles() -> Talk:
    talk = Talk("telegram").onboard("ta", "parent")
    talk.tap("who")
    talk.tap("new")
    talk.tap("ms")
    talk.tap("child")
    talk.tap("13-17")
    talk.tap("ok")
    assert len(talk.state.profiles) == 2
    return talk


def test_after_a_pause_a_shared_phone_asks_who_is_here() -> None:
    talk = two_profiles()
    talk.wait(31 * MINUTE)
    talk.say("hai")
    assert talk.state.place.name == "who"
    assert len(talk.choices) == 3


def test_a_lone_childs_phone_is_not_asked() -> None:
    talk = Talk("telegram").onboard("en")
    talk.wait(9 * HOUR)
    talk.say("hi")
    assert talk.state.place.name == "menu"


def test_two_people_of_one_phone_differ_in_animal_and_colour() -> None:
    mother, child = two_profiles().state.profiles
    assert mother.animal != child.animal
    assert mother.colour != child.colour


def test_one_profiles_place_in_a_lesson_is_not_shown_to_another() -> None:
    talk = two_profiles()
    talk.lesson("C4")
    talk.say("menu")
    assert "go_on" in talk.names
    talk.tap("who")
    talk.tap("0")
    assert "go_on" not in talk.names


def test_a_disclosure_before_the_answer_to_who_is_here_starts_in_a_new_profile() -> None:
    talk = two_profiles()
    talk.wait(31 * MINUTE)
    talk.say("hai")
    assert talk.names[-1] == "new"
    talk.say("he will send my photo to my class if i dont pay")
    profile = talk.state.profile()
    assert profile is not None
    assert profile.role is None
    assert talk.case.profile == profile.id
    assert talk.state.place.name == "care"


def test_a_disclosure_after_a_pause_is_not_laid_to_the_last_one() -> None:
    talk = two_profiles()
    before = talk.state.active
    talk.wait(31 * MINUTE)
    talk.say("he will send my photo to my class if i dont pay")
    assert talk.case.profile != before


def test_six_profiles_at_most() -> None:
    talk = Talk("telegram").onboard("en")
    for _ in range(7):
        talk.say("switch")
        talk.tap("new")
        talk.tap("en")
        talk.tap("child")
        talk.tap("13-17")
        talk.tap("ok")
    assert len(talk.state.profiles) == 6
