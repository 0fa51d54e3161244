"""Care: behaviours of care.md by their number, in four languages."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from bot.conversation import cases, commands, effects
from bot.messages import LANGUAGES, Language
from tests.conversation.said import EMERGENCY, FRIEND, HINTS, SUICIDAL, THREAT
from tests.conversation.talk import MINUTE, Talk, filled, library, screen, text
from tests.conversation.test_spoken_commands import every_place, in_consent, reported


def order(said: str, *parts: str) -> None:
    """Each part stands in what was said, in this order."""
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_03_a_disclosure_reaches_care_in_the_same_turn_from_every_place(language: Language) -> None:
    reached = 0
    for talk in every_place(language):
        words = THREAT[language]
        if talk.state.place.name == "report":
            talk.say(words)
            assert talk.asked(effects.KeepWords)
            continue
        talk.say(words)
        assert talk.state.place.name == "care"
        assert talk.asked(effects.KeepWords)
        assert text(language, "care.threat_now", adult=_adult(talk)) in talk.said
        reached += 1
    assert reached >= 8


def _adult(talk: Talk) -> bool:
    profile = talk.state.profile()
    return profile is None or profile.role != "child"


@pytest.mark.parametrize("language", LANGUAGES)
def test_03_also_before_the_first_bubble(language: Language) -> None:
    talk = Talk("telegram")
    said = talk.say(THREAT[language])
    assert text(language, "care.heard", adult=True) in said


@pytest.mark.parametrize(("language", "hint"), [(x, h) for x in LANGUAGES for h in HINTS[x]])
def test_04_indirect_hints_reach_care_too(language: Language, hint: str) -> None:
    talk = Talk().onboard(language)
    talk.say(hint)
    assert talk.state.place.name == "care"


@pytest.mark.parametrize("language", LANGUAGES)
def test_05_heard_thanks_not_your_fault_what_to_do_then_the_choice(language: Language) -> None:
    talk = Talk().onboard(language)
    said = talk.say(THREAT[language])
    keys = ("care.heard", "care.not_your_fault", "care.threat_now", "care.choose", "care.safe_word")
    values: dict[str, dict[str, Any]] = {
        "care.safe_word": {"safe": talk.house.safe_words[language]}
    }
    order(said, *(text(language, key, **values.get(key, {})) for key in keys))
    assert talk.names[:2] == ["help", "wrong"]
    assert talk.out[-1].lane == "care"


@pytest.mark.parametrize("language", LANGUAGES)
def test_06_you_got_me_wrong_goes_back_exactly_and_leaves_nothing(language: Language) -> None:
    talk = Talk().onboard(language).lesson("C4")
    talk.tap(talk.names[0])
    place, profiles = talk.state.place, talk.state.profiles
    talk.say(THREAT[language])
    said = talk.tap("wrong")
    assert talk.state.place == place
    assert talk.state.profiles == profiles
    assert talk.state.cases == ()
    assert talk.asked(effects.DropDraft)
    assert text(language, "care.wrong_done") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_08_the_safe_word_is_told_at_the_start_and_after_each_care_answer(
    language: Language,
) -> None:
    talk = Talk()
    talk.start(language)
    safe = talk.house.safe_words[language]
    talk.tap("child")
    assert safe in talk.tap("13-17")
    talk.tap("ok")
    assert safe in talk.say(THREAT[language])
    assert safe in talk.say(SUICIDAL[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_09_not_understood_never_comes_without_a_way_to_help(language: Language) -> None:
    words = {"ms": "tolong", "en": "help", "zh": "帮", "ta": "உதவி"}
    talk = Talk().onboard(language)
    said = talk.say("qwertz asdf")
    assert words[language] in said
    for adult in (True, False):
        assert words[language] in text(language, "common.not_understood", adult=adult)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("next_words", ["ok", "idk", "hmm", "..."])
def test_10_the_next_turns_stay_in_care(language: Language, next_words: str) -> None:
    talk = Talk().onboard(language)
    talk.say(THREAT[language])
    talk.say(next_words)
    assert talk.state.place.name == "care"
    assert talk.asked(effects.KeepWords)
    talk.wait(20 * MINUTE)
    said = talk.say("hi")
    assert talk.state.place.name == "care"
    assert text(language, "menu.ask") not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_11_safe_now_is_asked_once_and_no_begins_with_999(language: Language) -> None:
    talk = Talk().onboard(language)
    talk.say(THREAT[language])
    asked = talk.tap("help")
    assert text(language, "care.safe_ask") in asked
    said = talk.tap("no")
    assert "999" in said.split("\n")[0]
    assert talk.case.safe_now == "no"
    talk.say(SUICIDAL[language])
    assert text(language, "care.safe_ask") not in talk.tap("help")


@pytest.mark.parametrize("language", LANGUAGES)
def test_12_self_harm_gets_a_line_that_is_open_now_in_the_first_answer(language: Language) -> None:
    for hour in (3, 13):
        talk = Talk().onboard(language)
        talk.now += (hour - 11) % 24 * 60 * MINUTE
        said = talk.say(SUICIDAL[language])
        assert "15999" in said
        assert "999" in said
        assert talk.case.kinds[0] == "self_harm"
        assert talk.case.level in ("urgent", "emergency")


@pytest.mark.parametrize("language", LANGUAGES)
def test_13_only_numbers_from_the_directory_are_shown(language: Language) -> None:
    known = {re.sub(r"\D", "", n or "") for x in library().helplines.lines.values()
             for n in ((x.phone, x.whatsapp) if x.built_in else ())}  # fmt: skip
    assert "15999" in known
    talk = Talk().onboard(language)
    said = talk.say(THREAT[language]) + talk.tap("help") + talk.say("umbrella")
    numbers = {re.sub(r"\D", "", n) for n in re.findall(r"\d[\d -]{1,12}\d", said)}
    assert {"999", "15999"} <= numbers
    assert numbers - known <= {"24", "18", "10"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_14_two_ways_one_without_a_call_and_what_if_nobody_answers(language: Language) -> None:
    talk = Talk().onboard(language)
    talk.say(THREAT[language])
    said = talk.tap("help")
    assert "15999" in said
    assert "WhatsApp" in said
    assert text(language, "help.nobody_answers") in said


def test_15_no_foreign_hotline_and_no_stopncii_for_a_child() -> None:
    for line in library().helplines.shown(at=Talk().now):
        assert line.id not in ("stopncii", "report_remove_uk")


@pytest.mark.parametrize("language", LANGUAGES)
def test_17_nothing_is_sent_unless_the_child_says_yes(language: Language) -> None:
    talk = in_consent(language)
    assert not talk.asked(effects.OpenReport)
    talk.tap("yes")
    assert len(talk.asked(effects.OpenReport)) == 1


def test_18_at_most_four_routing_questions_each_skippable() -> None:
    for words in (THREAT["en"], EMERGENCY["en"]):
        talk = Talk().onboard("en")
        talk.say(words)
        talk.tap("help")
        asked = {"safe"}
        talk.tap("skip")
        talk.tap("skip")
        talk.tap("yes")
        while talk.state.place.name == "care":
            step = talk.state.place.step
            if step == "code":
                talk.tap("p1")
                continue
            if step != "push":
                asked.add(step)
            talk.tap("skip" if "skip" in talk.names else "no")
        assert len(asked) <= 4, asked


FORBIDDEN = ("what happened exactly", "who did it", "how often", "show me", "why did you")


def test_18_no_question_digs() -> None:
    texts = library().texts
    mine = [k for k in texts.keys("en") if k.startswith(("care.", "report."))]
    assert len(mine) > 40
    for key in mine:
        said = texts.get("en", key, adult=False, **filled()).lower()
        assert not any(phrase in said for phrase in FORBIDDEN), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "key"), [("media", "picture"), ("voice", "voice"), ("location", "location")]
)
def test_19_media_is_refused_kindly_in_every_place(language: Language, kind: str, key: str) -> None:
    refused = 0
    for talk in every_place(language)[1:]:
        before = talk.state.place
        talk.message(kind)  # type: ignore[arg-type]
        assert text(language, f"media.{key}", adult=_adult(talk)) in talk.said
        assert talk.state.place == before
        refused += 1
    assert refused >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_23_a_friends_story_has_its_own_path(language: Language) -> None:
    talk = Talk().onboard(language)
    said = talk.say(FRIEND[language])
    assert talk.case.about == "friend"
    assert text(language, "care.friend_thanks") in said
    said = talk.tap("help")
    assert text(language, "care.friend_steps") in said
    assert "15999" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_25_consent_shows_what_to_whom_when_and_the_consequence(language: Language) -> None:
    talk = in_consent(language)
    said = talk.said
    assert "Rumah Ujian" in said
    assert text(language, "care.waiting_demo") in said
    consent = text(
        language,
        "care.consent",
        operator="Rumah Ujian",
        waiting=text(language, "care.waiting_demo"),
    )
    assert consent in said
    talk.tap("no")
    assert "999" in talk.said
    assert "15999" in talk.said
    talk.tap("delete")
    assert talk.asked(effects.DropDraft)
    assert talk.state.cases == ()
    assert not talk.asked(effects.OpenReport)


@pytest.mark.parametrize("language", LANGUAGES)
def test_26_reference_true_waiting_time_and_what_next(language: Language) -> None:
    talk = in_consent(language, demo=False)
    said = talk.tap("yes")
    reference = talk.case.reference
    assert reference is not None
    assert re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ2-9]{3}-[BCDFGHJKLMNPQRSTVWXZ2-9]{3}", reference)
    assert reference in said
    assert text(language, "care.waiting_now") in said
    later = in_consent(language, demo=False, reads_from=Talk().now)
    when = library().texts.moment(language, later.house.reads_from or 0)
    assert when in later.said


def test_26_a_delivery_that_is_late_is_said_with_999_and_15999() -> None:
    from bot.conversation.events import DeliveryDelayed

    talk = reported("en")
    said = talk.take(DeliveryDelayed("d", talk.case.id))
    assert "999" in said
    assert "15999" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_27_quick_exit_is_shown_before_sensitive_content(language: Language) -> None:
    hide = {"ms": "sorok", "en": "hide", "zh": "隐藏", "ta": "மறை"}[language]
    talk = Talk()
    talk.start(language)
    talk.tap("child")
    assert hide in talk.tap("13-17")
    talk.tap("ok")
    assert hide in talk.say(THREAT[language])


# -- decision 6: an emergency that is left unanswered


def emergency(**house: object) -> Talk:
    talk = Talk(pass_without_answer=True, **house).onboard("en")
    talk.say(EMERGENCY["en"])
    assert talk.case.level == "emergency"
    return talk


def test_emergency_begins_with_999_and_announces_what_will_happen() -> None:
    talk = emergency()
    assert "999" in talk.said.split("\n")[0]
    assert text("en", "care.promise", operator="Rumah Ujian") in talk.said
    kinds = {e.kind: e.due_at for e in talk.asked(effects.Schedule)}
    assert kinds["emergency_draft"] - talk.now == pytest.approx(10 * MINUTE, abs=10_000_000)


def test_silence_hands_over_and_says_so_only_when_the_child_is_back() -> None:
    talk = emergency()
    talk.wait(10 * MINUTE)
    assert talk.fire("emergency_draft") == ""
    reports = talk.asked(effects.OpenReport)
    assert [r.consent for r in reports] == ["no_answer"]
    assert talk.case.reference is not None
    said = talk.say("hi")
    assert talk.case.reference in said


@pytest.mark.parametrize("answer", ["wrong", "dont"])
def test_an_answer_ends_the_emergency_timer(answer: str) -> None:
    talk = emergency()
    talk.tap(answer)
    assert "emergency_draft" in {e.kind for e in talk.asked(effects.Cancel)}
    if talk.state.cases:
        talk.fire("emergency_draft")
        assert not talk.asked(effects.OpenReport)


@pytest.mark.parametrize("word", ["hide", "stop", "menu", "switch"])
def test_hide_stop_and_switch_are_no_answer(word: str) -> None:
    talk = emergency()
    talk.say(word)
    assert "emergency_draft" not in {e.kind for e in talk.asked(effects.Cancel)}
    talk.wait(10 * MINUTE)
    assert talk.fire("emergency_draft") == ""
    assert talk.asked(effects.OpenReport)


@pytest.mark.parametrize("house", [{"pass_without_answer": False}, {"intake_open": False}])
def test_no_policy_or_no_people_no_promise(house: dict[str, bool]) -> None:
    talk = Talk(**({"pass_without_answer": True} | house)).onboard("en")
    talk.say(EMERGENCY["en"])
    assert text("en", "care.promise", operator="Rumah Ujian") not in talk.said
    assert "emergency_draft" not in {e.kind for e in talk.asked(effects.Schedule)}


def test_a_draft_ends_after_24_hours_as_announced() -> None:
    talk = Talk().onboard("en")
    said = talk.say(THREAT["en"])
    assert text("en", "care.draft") in said
    ends = [e.due_at for e in talk.asked(effects.Schedule) if e.kind == "draft_expiry"]
    assert ends == [talk.case.at + cases.DRAFT_US]
    talk.wait(24 * 60 * MINUTE)
    assert talk.fire("draft_expiry") == ""
    assert talk.asked(effects.DropDraft)
    assert talk.state.cases == ()


def test_no_hand_off_without_people() -> None:
    talk = Talk(intake_open=False).onboard("en")
    talk.say(THREAT["en"])
    talk.tap("help")
    said = talk.tap("yes")
    assert text("en", "care.not_open") in said
    assert "consent" not in talk.state.place.step
    assert "15999" in said


def test_what_is_told_at_the_help_list_is_kept_even_without_an_alarming_word() -> None:
    talk = Talk().onboard("en")
    talk.say("help")
    talk.tap("tell")
    talk.say("it is about the bus")
    assert talk.asked(effects.KeepWords)
    assert talk.names[0] == "help"
    talk.tap("help")
    talk.tap("yes")
    assert talk.state.place.step == "device"


def test_nothing_told_leaves_no_draft() -> None:
    talk = Talk().onboard("en")
    talk.say("help")
    talk.tap("tell")
    talk.tap("back")
    assert talk.asked(effects.DropDraft)
    assert talk.state.cases == ()
    assert talk.state.place.name == "menu"


def test_the_page_to_hand_to_a_grown_up() -> None:
    talk = in_consent("en")
    assert "Call 999 / 15999" in talk.tap("page")
    assert talk.state.place.step == "consent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bots_own_labels_typed_out_are_taps(language: Language) -> None:
    """Our own words on a button are no disclosure when somebody types them instead of tapping."""
    typed = 0
    for first in every_place(language):
        for option in first.choices:
            if commands.find(option.label, {}):
                continue  # a help word is help wherever it is typed
            talk = copy.deepcopy(first)
            talk.say(option.label)
            tapped = copy.deepcopy(first)
            tapped.message("tap", token=option.token)
            if not {c.level for c in (screen().assess(option.label),)} - {"none"}:
                continue
            assert talk.state.place == tapped.state.place, option.label
            typed += 1
    assert typed or language != "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_safe_typed_out_gives_999(language: Language) -> None:
    talk = Talk().onboard(language)
    talk.say(THREAT[language])
    talk.tap("help")
    said = talk.say(text(language, "button.safe_no"))
    assert "999" in said.split("\n")[0]
    assert talk.case.safe_now == "no"
