"""After the hand-off: decision 8's table, the answer, the code, taking it back."""

from __future__ import annotations

import pytest

from bot.conversation import contact, effects
from bot.conversation.events import CameBack, ReportStatus, StaffMessage
from bot.messages import LANGUAGES, Language
from tests.conversation.said import EMERGENCY, THREAT
from tests.conversation.talk import HOUR, MINUTE, Talk, text
from tests.conversation.test_spoken_commands import in_consent, reported


def answer(talk: Talk) -> str:
    """A case worker writes."""
    return talk.take(StaffMessage(f"s{talk.turns}", talk.case.id))


def shared(language: Language = "en", band: str = "13-17") -> Talk:
    """A report from a phone that others use, too; the code is chosen."""
    talk = Talk().onboard(language, "child", band)
    talk.say(THREAT[language])
    talk.tap("help")
    talk.tap("yes")
    talk.tap("others_too")
    talk.tap("yes")
    for picture in ("p1", "p2", "p3", "p4"):
        talk.tap(picture)
    while talk.state.place.name == "care":
        talk.tap("skip")
    return talk


def test_the_table_has_every_cell() -> None:
    rows = {"answer", "window_shut", "follow_up", "anything_else"}
    assert set(contact.TABLE) == {(row, column) for row in rows for column in ("agreed", "held")}
    assert contact.TABLE["anything_else", "agreed"] == "never"
    assert contact.TABLE["answer", "held"] == "hold"


@pytest.mark.parametrize("language", LANGUAGES)
def test_28_an_answer_comes_as_a_neutral_line_to_who_agreed(language: Language) -> None:
    talk = reported(language)
    talk.say("menu")
    said = answer(talk)
    assert said == text(language, "relay.neutral")
    assert talk.out[-1].lane == "relay"
    assert not talk.asked(effects.ShowAnswers)
    word = {"ms": "buka", "en": "open", "zh": "打开", "ta": "திற"}[language]
    assert word in said
    talk.say(word)
    assert [e.case for e in talk.asked(effects.ShowAnswers)] == [talk.case.id]


@pytest.mark.parametrize("held", ["shared", "young", "said_no", "hidden"])
def test_28_an_answer_is_held_for_everybody_else(held: str) -> None:
    if held == "shared":
        talk = shared()
    elif held == "young":
        talk = Talk().onboard("en", "child", "10-12")
        talk.say(THREAT["en"])
        talk.tap("help")
        talk.tap("yes")
        talk.tap("only_me")
        assert talk.state.place.step != "push"
        talk.tap("yes")
        while talk.state.place.name == "care":
            talk.tap("skip")
    elif held == "said_no":
        talk = in_consent("en")
        talk.tap("yes")
        talk.tap("no")
        while talk.state.place.name == "care":
            talk.tap("skip")
    else:
        talk = reported("en")
        talk.say("hide")
    assert answer(talk) == ""
    assert not talk.asked(effects.ShowAnswers)
    assert talk.case.unread == 1


def test_hidden_holds_until_the_safe_word() -> None:
    talk = reported("en")
    talk.say("hide")
    answer(talk)
    talk.say("open")
    assert not talk.asked(effects.ShowAnswers)
    talk.say("umbrella")
    talk.say("open")
    assert talk.asked(effects.ShowAnswers)


def test_a_shared_phone_asks_for_the_four_pictures() -> None:
    talk = shared()
    answer(talk)
    talk.say("open")
    for picture in ("p1", "p2", "p3", "p5"):
        talk.tap(picture)
    assert not talk.asked(effects.ShowAnswers)
    assert text("en", "relay.code_wrong") in talk.said
    for picture in ("p1", "p2", "p3", "p4"):
        talk.tap(picture)
    assert talk.asked(effects.ShowAnswers)


def test_guessing_the_pictures_has_an_end() -> None:
    talk = shared()
    answer(talk)
    talk.say("open")
    for _ in range(5):
        for _ in range(4):
            talk.tap("p8")
    assert text("en", "relay.code_rest") in talk.said
    talk.say("open")
    talk.tap("p1")
    assert text("en", "relay.code_rest") in talk.said
    talk.wait(HOUR)
    talk.say("open")
    for picture in ("p1", "p2", "p3", "p4"):
        talk.tap(picture)
    assert talk.asked(effects.ShowAnswers)


def test_without_a_code_the_reference_opens_it() -> None:
    talk = Talk().onboard("en")
    talk.say(THREAT["en"])
    talk.tap("help")
    talk.tap("skip")
    talk.tap("skip")
    talk.tap("yes")
    reference = talk.case.reference
    assert reference is not None
    talk.say("menu")
    answer(talk)
    talk.say("open")
    talk.say("BBB-BBB")
    assert not talk.asked(effects.ShowAnswers)
    talk.say(reference.lower())
    assert talk.asked(effects.ShowAnswers)


def test_in_an_open_talk_the_answer_comes_straight_in() -> None:
    talk = reported("en")
    answer(talk)
    talk.say("open")
    talk.say("thank you")
    answer(talk)
    assert talk.asked(effects.ShowAnswers)
    talk.wait(11 * MINUTE)
    assert answer(talk) == text("en", "relay.neutral")


def test_the_childs_lines_go_to_the_reader() -> None:
    talk = reported("en")
    talk.tap("add")
    talk.say("he wrote again")
    kept = talk.asked(effects.KeepWords)
    assert [k.case for k in kept] == [talk.case.id]
    assert text("en", "report.added") in talk.said


def test_11_an_emergency_after_the_hand_off_gives_999_and_rings_again() -> None:
    talk = reported("en")
    talk.take(ReportStatus("r", talk.case.id, "taken"))
    talk.tap("add")
    said = talk.say(EMERGENCY["en"])
    assert "999" in said
    assert talk.asked(effects.Alarm)
    assert talk.asked(effects.KeepWords)


def test_11_a_line_unread_for_ten_minutes_is_spoken_of_once() -> None:
    talk = reported("en")
    talk.tap("add")
    talk.say("are you there")
    due = [e for e in talk.asked(effects.Schedule) if e.kind == "unread_line"]
    assert len(due) == 1
    said = talk.fire("unread_line")
    assert "999" in said
    assert "15999" in said
    talk.take(ReportStatus("r", talk.case.id, "read"))
    assert "unread_line" in {e.kind for e in talk.asked(effects.Cancel)}


def test_taking_back_works_until_a_person_has_read_it() -> None:
    early = reported("en")
    early.tap("take_back")
    said = early.tap("yes")
    assert early.asked(effects.WithdrawReport)
    assert text("en", "report.taken_back") in said
    late = reported("en")
    late.take(ReportStatus("r", late.case.id, "read"))
    late.tap("take_back")
    said = late.tap("yes")
    assert not late.asked(effects.WithdrawReport)
    assert text("en", "report.too_late") in said


def test_what_happens_now_tells_the_truth() -> None:
    talk = reported("en")
    assert text("en", "report.status_sent", waiting=text("en", "care.waiting_demo")) in talk.tap(
        "what_now"
    )
    talk.take(ReportStatus("r", talk.case.id, "read"))
    assert text("en", "report.status_read") in talk.tap("what_now")
    talk.take(ReportStatus("r2", talk.case.id, "closed"))
    assert text("en", "report.status_closed") in talk.tap("what_now")


def test_the_follow_up_comes_only_to_who_asked_and_while_nobody_read() -> None:
    talk = in_consent("en")
    talk.tap("yes")
    talk.tap("check")
    assert [e for e in talk.asked(effects.Schedule) if e.kind == "follow_up"]
    while talk.state.place.name == "care":
        talk.tap("skip")
    assert talk.fire("follow_up") == text("en", "relay.follow_up")
    assert reported("en").fire("follow_up") == ""
    talk.take(ReportStatus("r", talk.case.id, "read"))
    assert talk.fire("follow_up") == ""


def test_the_follow_up_comes_again_the_next_day_and_then_no_more() -> None:
    talk = in_consent("en")
    talk.tap("yes")
    talk.tap("check")
    talk.wait(2 * HOUR)
    talk.fire("follow_up")
    [again] = [e for e in talk.asked(effects.Schedule) if e.kind == "follow_up"]
    assert 23 * HOUR < again.due_at - (talk.case.sent_at or 0) < 25 * HOUR
    talk.wait(22 * HOUR)
    assert talk.fire("follow_up") == text("en", "relay.follow_up")
    assert not talk.asked(effects.Schedule)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_is_wanted_any_more(language: Language) -> None:
    talk = reported(language)
    assert text(language, "report.no_answer") in talk.tap("no_answer")
    assert talk.case.contact == "none"
    assert [e.case.contact for e in talk.asked(effects.AmendReport)] == ["none"]
    assert "follow_up" in {e.kind for e in talk.asked(effects.Cancel)}
    assert "no_answer" not in talk.names
    assert talk.take(StaffMessage("s", talk.case.id)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_26_the_promised_time_says_when_nobody_reads_the_language(language: Language) -> None:
    others = frozenset(LANGUAGES) - {language}
    name = text(language, "language.name")
    wanted = text(language, "care.waiting_language", spoken=name)
    assert wanted in in_consent(language, demo=False, readers=others).said
    assert wanted not in in_consent(language, demo=False, readers=frozenset({language})).said


def test_come_back_words_are_given_on_the_web_only_and_open_the_answer() -> None:
    web = reported("en")
    assert web.house.channel == "web"
    other = in_consent("en", channel="telegram")
    other.tap("yes")
    assert not other.asked(effects.ReturnWords)
    talk = in_consent("en")
    said = talk.tap("yes")
    given = talk.asked(effects.ReturnWords)
    assert len(given) == 1
    assert len(set(given[0].words)) == 4
    assert all(word in said for word in given[0].words)
    assert "http://teman.test/back" in said
    talk.take(CameBack("c", talk.case.id))
    assert talk.asked(effects.ShowAnswers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_that_is_pushed_names_a_topic(language: Language) -> None:
    loud = ("report", "abuse", "harm", "laporan", "举报", "伤害", "புகார்", "threat", "ugut")
    for key in ("relay.neutral", "relay.follow_up"):
        said = text(language, key).lower()
        assert said
        assert not any(word in said for word in loud)


def test_a_case_survives_two_hundred_lines() -> None:
    talk = reported("en")
    talk.tap("add")
    for n in range(200):
        talk.say(f"line {n}")
    assert talk.case.words == 201


def test_nobody_is_left_at_a_step_that_is_gone() -> None:
    talk = reported("en")
    talk.take(ReportStatus("r", talk.case.id, "closed"))
    said = talk.say("hello again")
    assert said
    assert talk.state.place.name == "menu"
