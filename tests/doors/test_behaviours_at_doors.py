"""The behaviours of care.md at every door, each by its number: what stood on the screen."""

from __future__ import annotations

import re

import pytest

from bot.messages import LANGUAGES, Language
from tests.conversation.talk import library
from tests.doors.walk import ANSWER, PICTURES, WHERE, Seen, Walked, Where, walked
from tests.platforms.test_story import button, said

everywhere = pytest.mark.parametrize(
    ("where", "language"), [(where, language) for where in WHERE for language in LANGUAGES]
)
with_pictures = pytest.mark.parametrize(
    ("where", "language"), [(where, language) for where in PICTURES for language in LANGUAGES]
)


def seen(where: Where, language: Language, moment: str) -> Seen:
    return walked(where, language).seen[moment]


def in_order(text: str, *parts: str) -> None:
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@everywhere
def test_01_at_every_door_the_first_bubble_says_what_it_is(
    where: Where, language: Language
) -> None:
    first = seen(where, language, "first")
    assert "999" in first.text
    for code in LANGUAGES:
        assert said(code, "language.name") in first.labels
    about = seen(where, language, "about").text
    assert "Rumah" in about or "Teman" in about


def grown(language: Language, key: str) -> str:
    """As it is said while nobody knows yet who writes."""
    return library().texts.get(language, key, adult=True)


@everywhere
def test_02_at_every_door_the_limit_of_secrecy_is_said_first(
    where: Where, language: Language
) -> None:
    limit = {
        "ms": "tidak boleh berahsia",
        "en": "can't keep danger a secret",
        "zh": "不能保密",
        "ta": "இரகசியமாக வைக்க முடியாது",
    }
    assert limit[language] in seen(where, language, "first").text


@everywhere
def test_04_at_every_door_a_hint_as_the_first_message_reaches_care(
    where: Where, language: Language
) -> None:
    now = seen(where, language, "hint")
    assert library().texts.get(language, "button.care_help", adult=True) in now.labels


@everywhere
def test_12_at_every_door_a_wish_to_die_gets_a_line_at_once(
    where: Where, language: Language
) -> None:
    now = seen(where, language, "suicidal").text
    in_order(now, grown(language, "care.heard"), grown(language, "care.self_harm_now"), "15999")


@everywhere
def test_13_at_every_door_only_numbers_that_may_be_shown_to_a_child(
    where: Where, language: Language
) -> None:
    shown = {row.phone for row in library().helplines.open_now(0, adult=False)}
    shown |= {row.whatsapp for row in library().helplines.open_now(0, adult=False)}
    allowed = re.sub(r"\D", " ", " ".join(number for number in shown if number)).split()
    numbers = re.findall(r"\d{3,}", seen(where, language, "safe_word").text)
    assert len(numbers) >= 3
    assert set(numbers) <= {*allowed, "24"}


@everywhere
def test_23_at_every_door_a_friends_story_has_its_own_answer(
    where: Where, language: Language
) -> None:
    now = seen(where, language, "friend").text
    assert grown(language, "care.friend_thanks") in now
    assert grown(language, "care.not_your_fault") not in now


@everywhere
def test_24_at_every_door_whoever_did_harm_is_not_threatened(
    where: Where, language: Language
) -> None:
    now = seen(where, language, "did_harm").text
    in_order(now, grown(language, "care.heard"), grown(language, "care.did_harm"))
    assert grown(language, "care.threat_now") not in now


@everywhere
def test_03_at_every_door_the_first_message_of_all_reaches_care(
    where: Where, language: Language
) -> None:
    now = seen(where, language, "threat_first").text
    assert library().texts.get(language, "care.threat_now", adult=True) in now


@everywhere
def test_05_at_every_door_the_care_answer_keeps_its_order(where: Where, language: Language) -> None:
    now = seen(where, language, "care")
    keys = ("care.heard", "care.not_your_fault", "care.threat_now", "care.choose")
    in_order(now.text, *(said(language, key) for key in keys))
    assert now.labels[:2] == (button(language, "care_help"), button(language, "care_wrong"))


@everywhere
def test_06_at_every_door_you_got_me_wrong_leads_exactly_back(
    where: Where, language: Language
) -> None:
    before, back = seen(where, language, "lesson"), seen(where, language, "wrong")
    assert said(language, "care.wrong_done") in back.text
    assert back.labels == before.labels


@everywhere
def test_07_at_every_door_the_safe_word_gives_the_help_list(
    where: Where, language: Language
) -> None:
    helped = seen(where, language, "safe_word").text
    for part in ("999", "15999", said(language, "help.nobody_answers")):
        assert part in helped


@everywhere
def test_08_at_every_door_the_safe_word_is_told_after_the_care_answer(
    where: Where, language: Language
) -> None:
    word = {"ms": "payung", "en": "umbrella", "zh": "雨伞", "ta": "குடை"}[language]
    assert word in seen(where, language, "about").text
    assert said(language, "care.safe_word", safe=word) in seen(where, language, "care").text


@everywhere
def test_09_at_every_door_what_is_not_understood_still_holds_help(
    where: Where, language: Language
) -> None:
    unclear = seen(where, language, "unclear")
    assert said(language, "common.not_understood") in unclear.text
    assert button(language, "help") in unclear.labels


@everywhere
def test_10_at_every_door_ok_stays_in_care(where: Where, language: Language) -> None:
    after = seen(where, language, "ok")
    assert button(language, "care_help") in after.labels
    assert said(language, "lessons.C4.title") not in after.text


@everywhere
def test_11_at_every_door_not_safe_gets_999_first(where: Where, language: Language) -> None:
    unsafe = seen(where, language, "unsafe").text
    assert unsafe.startswith(said(language, "care.not_safe"))
    assert "999" in said(language, "care.not_safe")


@everywhere
def test_14_at_every_door_help_is_more_than_one_way(where: Where, language: Language) -> None:
    helped = seen(where, language, "help").text
    assert "15999" in helped
    assert "WhatsApp" in helped
    assert said(language, "help.nobody_answers") in helped


@everywhere
def test_20_at_every_door_a_threat_is_told_what_to_do(where: Where, language: Language) -> None:
    helped = seen(where, language, "help").text
    in_order(helped, said(language, "care.threat_steps"), said(language, "care.threat_picture"))
    assert "StopNCII" not in helped


@with_pictures
def test_19_at_every_door_a_picture_is_refused_kindly_and_never_fetched(
    where: Where, language: Language
) -> None:
    walk = walked(where, language)
    assert said(language, "media.picture") in walk.seen["picture"].text
    assert said(language, "media.voice") in walk.seen["voice"].text


@everywhere
def test_25_at_every_door_consent_says_what_goes_where_and_asks(
    where: Where, language: Language
) -> None:
    asked = seen(where, language, "consent")
    assert button(language, "consent_yes") in asked.labels
    assert button(language, "consent_no") in asked.labels
    last = said(language, "care.consent", operator="", waiting="").splitlines()[-1]
    assert last in asked.text


@everywhere
def test_26_at_every_door_the_hand_off_gives_a_reference(where: Where, language: Language) -> None:
    sent = seen(where, language, "sent").text
    head = said(language, "care.sent", reference="\0", waiting="").split("\0")[0]
    assert head in sent
    assert said(language, "care.how_to_open") in sent


@everywhere
def test_27_at_every_door_hide_answers_with_a_tip_and_asks_nothing(
    where: Where, language: Language
) -> None:
    hidden = seen(where, language, "hidden")
    assert hidden.text in {said(language, f"hide.tip_{n}") for n in (1, 2, 3)}
    assert hidden.labels == ()
    if where in ("poll", "webhook"):
        assert walked(where, language).standing == [hidden.text]


@everywhere
def test_28_at_every_door_an_answer_is_held_from_whoever_hid(
    where: Where, language: Language
) -> None:
    walk: Walked = walked(where, language)
    assert walk.pushed == []
    assert ANSWER not in walk.seen["after"].text
    assert "15999" in walk.seen["after"].text
