"""Ways in which a disclosure could be lost, laid to the wrong person, or a lie be told."""

from __future__ import annotations

import pytest
from msgspec import structs

from bot.conversation import effects
from bot.conversation.events import CameBack, ReportStatus, StaffMessage
from bot.conversation.state import Role
from bot.messages import LANGUAGES, Language
from tests.conversation.said import EMERGENCY, SUICIDAL, THREAT
from tests.conversation.talk import HOUR, MINUTE, Talk, text
from tests.conversation.test_report import answer, shared
from tests.conversation.test_spoken_commands import in_consent, reported
from tests.conversation.test_welcome import two_profiles


def emergency(*, language: Language = "en") -> Talk:
    talk = Talk(pass_without_answer=True).onboard(language)
    talk.say(EMERGENCY[language])
    return talk


@pytest.mark.parametrize("button", ["wrong", "dont", "help"])
def test_after_the_timer_no_button_of_the_draft_is_valid(button: str) -> None:
    talk = emergency()
    token = next(c.token for c in talk.choices if c.token.endswith(button))
    talk.wait(10 * MINUTE)
    talk.fire("emergency_draft")
    reference = talk.case.reference
    talk.message("tap", token=token)
    assert talk.case.reference == reference
    assert reference is not None
    assert reference in talk.said
    assert not talk.asked(effects.OpenReport)
    assert not talk.asked(effects.DropDraft)
    assert talk.state.place.name == "report"


def test_yes_while_the_intake_has_closed_loses_nothing() -> None:
    talk = in_consent("en")
    talk.house = type(talk.house)(
        channel="web", operator="Rumah Ujian", safe_words=talk.house.safe_words, intake_open=False
    )
    talk.tap("yes")
    assert not talk.asked(effects.DropDraft)
    assert not talk.asked(effects.OpenReport)
    assert text("en", "care.not_open") in talk.said
    assert talk.case.status == "draft"


def test_words_after_a_closed_report_begin_a_new_case() -> None:
    talk = reported("en")
    talk.take(ReportStatus("r", talk.case.id, "closed"))
    talk.say(EMERGENCY["en"])
    assert len(talk.state.cases) == 2
    assert talk.asked(effects.OpenDraft)
    assert talk.state.place.name == "care"


NO = {
    "ms": ("tidak", "tak nak", "jangan"),
    "en": ("no", "No!"),
    "zh": ("不", "不要"),
    "ta": ("இல்லை", "வேண்டாம்"),
}
YES = {"ms": "ya", "en": "yes", "zh": "是", "ta": "ஆம்"}


@pytest.mark.parametrize(("language", "word"), [(x, w) for x in LANGUAGES for w in NO[x]])
def test_a_typed_no_is_a_no(language: Language, word: str) -> None:
    promised = emergency(language=language)
    promised.say(word)
    assert not promised.case.promised
    safe = Talk().onboard(language)
    safe.say(THREAT[language])
    safe.tap("help")
    assert "999" in safe.say(word).split("\n")[0]
    consent = in_consent(language)
    consent.say(word)
    assert consent.state.place.step == "no"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_typed_yes_is_a_yes_and_never_deletes(language: Language) -> None:
    talk = in_consent(language)
    talk.say(YES[language])
    assert talk.asked(effects.OpenReport)
    unsure = in_consent(language)
    unsure.tap("no")
    unsure.say(YES[language])
    assert not unsure.asked(effects.DropDraft)
    assert not unsure.asked(effects.OpenReport)


@pytest.mark.parametrize("first", ["draft", "report"])
def test_the_next_persons_words_are_not_laid_to_the_last(first: str) -> None:
    talk = Talk("telegram").onboard("en", "parent")
    talk.say(THREAT["en"])
    if first == "report":
        for choice in ("help", "yes", "skip", "only_me", "yes"):
            talk.tap(choice)
        while talk.state.place.name == "care":
            talk.tap("skip" if "skip" in talk.names else "no")
    parent = talk.case
    talk.wait(40 * MINUTE)
    talk.say("my uncle touches me at night")
    assert len(talk.state.cases) == 2
    assert talk.case.profile != parent.profile
    assert [k.case for k in talk.asked(effects.KeepWords)] == [talk.case.id]


def test_help_after_a_pause_is_not_the_last_persons() -> None:
    talk = Talk("telegram").onboard("en", "parent")
    parent = talk.state.active
    talk.wait(2 * HOUR)
    talk.say("help")
    talk.tap("tell")
    talk.say("it is about the bus")
    assert talk.case.profile != parent


def test_an_emergency_during_the_questions_reaches_the_reader() -> None:
    talk = in_consent("en")
    talk.tap("yes")
    assert talk.state.place.name == "care"
    talk.say(EMERGENCY["en"])
    assert len(talk.state.cases) == 1
    assert talk.asked(effects.Alarm)
    assert talk.asked(effects.AmendReport)
    assert "999" in talk.said


@pytest.mark.parametrize("word", ["home", "stop", "bye", "about", "switch"])
def test_an_answer_in_own_words_is_no_order(word: str) -> None:
    talk = reported("en")
    talk.tap("add")
    talk.say(word)
    assert talk.asked(effects.KeepWords), word


def test_a_number_in_own_words_is_no_tap() -> None:
    talk = reported("en")
    talk.tap("add")
    talk.say("2")
    assert talk.asked(effects.KeepWords)
    telling = Talk().onboard("en")
    telling.say("help")
    telling.tap("tell")
    telling.say("1")
    assert telling.asked(effects.KeepWords)


def test_open_shows_an_answer_again() -> None:
    talk = reported("en")
    answer(talk)
    talk.say("open")
    talk.say("hide")
    talk.say("umbrella")
    talk.say("open")
    assert talk.asked(effects.ShowAnswers)


def test_a_hidden_child_learns_of_the_hand_over_by_the_safe_word() -> None:
    talk = emergency()
    talk.say("hide")
    talk.wait(10 * MINUTE)
    assert talk.fire("emergency_draft") == ""
    assert talk.say("hi")
    assert "my_case" not in talk.names
    talk.say("umbrella")
    assert "my_case" in talk.names
    said = talk.tap("my_case")
    assert talk.case.reference is not None
    assert talk.case.reference in said


def test_the_way_back_to_a_draft_and_to_a_report() -> None:
    draft = emergency()
    draft.say("menu")
    draft.tap("my_case")
    assert "dont" in draft.names
    sent = reported("en")
    sent.say("menu")
    sent.tap("my_case")
    assert "take_back" in sent.names
    others = shared()
    others.say("menu")
    assert "my_case" not in others.names
    others.say("umbrella")
    assert "my_case" in others.names


def test_two_people_two_drafts() -> None:
    talk = two_profiles()
    mother, child = talk.state.profiles
    talk.say(SUICIDAL["en"])
    talk.say("switch")
    talk.tap("0")
    talk.say(THREAT["en"])
    assert {c.profile for c in talk.state.cases} == {mother.id, child.id}
    talk.say("switch")
    talk.tap("1")
    assert talk.state.place.name == "care"
    assert talk.state.place.about == talk.state.cases[0].id


def test_anothers_answer_is_not_opened() -> None:
    talk = reported("en", channel="telegram")
    child = talk.case
    talk.tap("menu")
    talk.say("switch")
    talk.tap("new")
    for choice in ("en", "parent", "ok"):
        talk.tap(choice)
    answer(talk)
    talk.say("open")
    assert not talk.asked(effects.ShowAnswers)
    assert talk.state.place.step == "reference"
    assert child.reference is not None
    talk.say(child.reference)
    assert talk.asked(effects.ShowAnswers)


@pytest.mark.parametrize("writer", ["child", "teacher"])
def test_whoever_writes_in_a_parents_profile_is_not_pushed_to(writer: Role) -> None:
    talk = Talk("telegram").onboard("en", "parent")
    talk.say(THREAT["en"])
    for choice in ("help", "yes", writer, "only_me", "yes"):
        talk.tap(choice)
    assert talk.state.place.step != "push"
    assert answer(talk) == ""


def test_a_no_to_the_promise_holds_until_another_emergency() -> None:
    talk = emergency()
    talk.tap("dont")
    talk.say(THREAT["en"])
    assert not talk.case.promised
    talk.say(EMERGENCY["en"])
    assert talk.case.promised


def test_hide_ends_the_follow_up() -> None:
    talk = in_consent("en")
    talk.tap("yes")
    talk.tap("check")
    talk.say("hide")
    assert "follow_up" in {e.kind for e in talk.asked(effects.Cancel)}
    talk.say("umbrella")
    assert talk.fire("follow_up") == ""


def test_you_got_me_wrong_after_who_is_here_asks_again() -> None:
    talk = two_profiles()
    before = talk.state.profiles
    talk.wait(HOUR)
    talk.say(THREAT["en"])
    talk.tap("wrong")
    assert talk.state.profiles == before
    assert talk.state.place.name == "who"


def test_nobody_leaves_for_a_disclosure_and_nobody_in_need_leaves() -> None:
    talk = Talk("telegram").onboard("en")
    for _ in range(5):
        talk.say("switch")
        for choice in ("new", "en", "child", "13-17", "ok"):
            talk.tap(choice)
    six = {p.id for p in talk.state.profiles}
    talk.wait(HOUR)
    talk.say(THREAT["en"])
    assert six < {p.id for p in talk.state.profiles}
    unnamed = talk.case.profile
    talk.say("switch")
    talk.tap("new")
    talk.tap("en")
    assert unnamed in {p.id for p in talk.state.profiles}


def test_an_unnamed_person_in_need_can_come_back() -> None:
    talk = two_profiles()
    talk.wait(HOUR)
    talk.say(THREAT["en"])
    case = talk.case
    talk.wait(HOUR)
    talk.say("hello")
    assert talk.state.place.name == "who"
    assert len(talk.choices) == 4
    talk.tap("2")
    assert talk.state.place.about == case.id


def test_after_forget_the_reference_still_opens_the_answer() -> None:
    talk = reported("en")
    reference = talk.case.reference
    assert reference is not None
    talk.say("forget")
    talk.tap("delete_yes")
    assert talk.case.kinds == ()
    talk.take(StaffMessage("s", talk.case.id))
    assert talk.out == []
    talk.start("en")
    talk.say("open")
    talk.say(reference)
    assert talk.asked(effects.ShowAnswers)


def test_onboarding_goes_on_after_care() -> None:
    talk = Talk("telegram")
    talk.start()
    talk.tap("en")
    talk.say(THREAT["en"])
    talk.tap("wrong")
    assert talk.state.place.step == "role"
    talk.say(THREAT["en"])
    talk.say("hide")
    talk.say("hi")
    assert talk.state.place.name == "welcome"


def test_the_picture_code_can_be_skipped() -> None:
    talk = Talk().onboard("en")
    talk.say(THREAT["en"])
    for choice in ("help", "yes", "others_too", "yes", "p1", "skip"):
        talk.tap(choice)
    assert talk.state.place.step != "code"
    assert talk.case.code == ()


def test_the_words_under_a_picture_are_kept_in_care() -> None:
    talk = Talk().onboard("en")
    talk.say(THREAT["en"])
    talk.message("media", "page three of my book")
    assert talk.asked(effects.KeepWords)
    assert text("en", "media.picture") in talk.said


def test_no_duty_is_stated_to_a_known_child() -> None:
    talk = Talk().onboard("en")
    talk.say("my daughter told me her uncle touched her")
    talk.tap("help")
    assert text("en", "care.parent_steps") not in talk.said


def test_a_new_language_in_care_goes_with_the_report() -> None:
    talk = in_consent("en")
    talk.say("language")
    talk.tap("ta")
    talk.tap("yes")
    assert talk.asked(effects.OpenReport)[0].case.language == "ta"


def test_the_end_of_a_draft_takes_nobody_away() -> None:
    alone = Talk("telegram")
    alone.say(SUICIDAL["en"])
    alone.say("hide")
    alone.say("hi")
    alone.tap("child")
    alone.wait(25 * HOUR)
    alone.fire("draft_expiry")
    assert alone.say("hello")
    other = two_profiles()
    other.wait(HOUR)
    other.say(THREAT["en"])
    other.say("switch")
    other.tap("0")
    place, active = other.state.place, other.state.active
    other.fire("draft_expiry")
    assert (other.state.place, other.state.active) == (place, active)


def test_a_disclosure_at_anothers_code_is_a_case_of_its_own() -> None:
    talk = reported("en", channel="telegram")
    first = talk.case
    talk.tap("menu")
    talk.say("switch")
    for choice in ("new", "en", "parent", "ok"):
        talk.tap(choice)
    answer(talk)
    talk.say("open")
    talk.say("my uncle touches me at night")
    assert talk.case.id != first.id
    assert [k.case for k in talk.asked(effects.KeepWords)] == [talk.case.id]


def test_no_promise_stands_that_nobody_could_keep() -> None:
    talk = emergency()
    house = talk.house
    talk.house = structs.replace(house, intake_open=False)
    talk.tap("help")
    talk.tap("skip")
    assert talk.state.place.step == "not_open"
    assert not talk.case.promised
    talk.house = house
    talk.say("menu")
    talk.tap("my_case")
    assert talk.state.place.step == "device"


def test_words_after_a_close_in_the_middle_of_the_questions() -> None:
    talk = in_consent("en")
    talk.tap("yes")
    talk.take(ReportStatus("r", talk.case.id, "closed"))
    said = talk.say("hello are you there")
    assert not talk.asked(effects.KeepWords)
    assert text("en", "report.status_closed") in said


def test_a_reply_after_a_pause_is_not_silently_lost() -> None:
    talk = Talk("telegram").onboard("en", "parent")
    talk.say(THREAT["en"])
    for choice in ("help", "yes", "parent", "only_me", "yes", "yes"):
        talk.tap(choice)
    while talk.state.place.name == "care":
        talk.tap("skip")
    answer(talk)
    talk.say("open")
    talk.wait(40 * MINUTE)
    said = talk.say("yes you may phone me tonight after nine")
    assert text("en", "who.not_kept") in said
    talk.tap("0")
    assert talk.state.place.name == "report"


@pytest.mark.parametrize("order", ["forget", "menu", "privacy", "language", "open"])
def test_nothing_is_done_for_the_last_person_while_nobody_is_known(order: str) -> None:
    talk = two_profiles()
    talk.wait(HOUR)
    talk.say("hello")
    talk.say(order)
    assert talk.state.place.name == "who"
    assert talk.names[-1] == "new"


def test_a_stale_button_of_who_is_here_is_nobody_else() -> None:
    talk = two_profiles()
    talk.wait(HOUR)
    talk.say(EMERGENCY["en"])
    talk.wait(HOUR)
    talk.say("hello")
    button = talk.choices[2].token
    talk.fire("draft_expiry")
    talk.message("tap", token=button)
    assert talk.state.place.name == "who"


def test_a_forgotten_persons_report_is_not_watered_down() -> None:
    talk = emergency()
    talk.wait(10 * MINUTE)
    talk.fire("emergency_draft")
    talk.say("forget")
    talk.tap("delete_yes")
    talk.take(CameBack("c", talk.case.id))
    talk.say(THREAT["en"])
    assert talk.asked(effects.KeepWords)
    assert not talk.asked(effects.AmendReport)


@pytest.mark.parametrize("order", ["forget", "language"])
def test_words_typed_to_an_overlay_do_not_reach_the_reader(order: str) -> None:
    talk = reported("en")
    talk.tap("add")
    talk.say(order)
    talk.say("tamil please")
    assert not talk.asked(effects.KeepWords)
    forgetting = reported("en")
    forgetting.say("forget")
    forgetting.say("no")
    assert not forgetting.asked(effects.KeepWords)
    assert forgetting.state.profiles
