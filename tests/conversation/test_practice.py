"""Practice that stays: a scene on later days, when somebody comes; mastery only after a week."""

from __future__ import annotations

import msgspec
import pytest

from bot.conversation import practice
from bot.conversation.state import Conversation, LessonProgress, Option, Profile
from bot.messages import Kind
from tests.conversation.said import THREAT
from tests.conversation.talk import DAY, Talk
from tests.conversation.test_exercises import playing

__all__ = ["playing"]
TO_THE_END = ("inside", "inside", "nice", "enough", "enough")


def progress(talk: Talk) -> LessonProgress:
    profile = talk.state.profile()
    assert profile
    return profile.lessons["B99"]


def finished(talk: Talk) -> Talk:
    for choice in TO_THE_END:
        talk.tap(choice)
    assert talk.state.place.name == "menu"
    return talk


def came_back(talk: Talk, days: float) -> str:
    """After some days somebody writes, and the menu is there."""
    talk.wait(int(days * DAY))
    talk.say("menu")
    if talk.state.place.name == "who":
        talk.tap("0")
        talk.say("menu")
    return talk.said


def test_nothing_is_due_at_once(playing: Talk) -> None:
    finished(playing)
    assert "practice" not in playing.names
    came_back(playing, 1.5)
    assert "practice" not in playing.names


def test_a_scene_is_offered_after_two_days_and_is_played_alone(playing: Talk) -> None:
    finished(playing)
    came_back(playing, 2.1)
    assert "practice" in playing.names
    assert "First scene." in playing.tap("practice")
    assert playing.names == ["x", "y", "help"]
    assert "Yes." in playing.tap("y")
    assert playing.state.place.name == "menu"
    assert "practice" not in playing.names


def test_the_days_are_2_7_28_and_90_and_then_it_is_done(playing: Talk) -> None:
    finished(playing)
    right = {"First scene.": "y", "Safe scene.": "x", "Third scene.": "y", "Last scene.": "x"}
    past = 0.0
    for day, (scene, choice) in zip((2, 7, 28, 90), right.items(), strict=True):
        came_back(playing, day - past - 0.5)
        assert "practice" not in playing.names, day
        came_back(playing, 0.6)
        past = day + 0.1
        assert scene in playing.tap("practice")
        playing.tap(choice)
    came_back(playing, 400)
    assert "practice" not in playing.names


def test_a_miss_loses_nothing_and_brings_another_scene_in_two_days(playing: Talk) -> None:
    finished(playing)
    came_back(playing, 2.1)
    playing.tap("practice")
    assert "Look." in playing.tap("x")
    assert progress(playing).boosts == 0
    came_back(playing, 2.1)
    assert "Safe scene." in playing.tap("practice")


@pytest.mark.parametrize(
    ("right_now", "alarms", "mastered"), [(1, 0, True), (1, 1, True), (1, 2, False), (0, 0, False)]
)
def test_mastered_is_right_now_and_after_a_week_with_one_false_alarm_at_most(
    playing: Talk, right_now: int, alarms: int, mastered: bool
) -> None:
    finished(playing)
    profile = playing.state.profiles[0]
    known = LessonProgress(
        done=1, saw=bool(right_now), alarms=alarms, finished_at=playing.now, practised=2,
        next_at=playing.now + 8 * DAY,
    )  # fmt: skip
    assert practice.LATER_DAYS == 7
    playing.state = replaced(playing, profile, known)
    came_back(playing, 8.1)
    assert "Third scene." in playing.tap("practice")
    said = playing.tap("y")
    assert progress(playing).mastered is mastered
    assert ("Now it is yours." in said) is mastered


def replaced(talk: Talk, profile: Profile, known: LessonProgress) -> Conversation:
    changed = msgspec.structs.replace(profile, lessons={"B99": known})
    return msgspec.structs.replace(talk.state, profiles=(changed,))


def test_a_disclosure_in_practice_reaches_care_and_leads_back(playing: Talk) -> None:
    finished(playing)
    came_back(playing, 2.1)
    playing.tap("practice")
    playing.say(THREAT["en"])
    assert playing.state.place.name == "care"
    assert "First scene." in playing.tap("wrong")


def test_words_in_practice_are_answered_with_the_scene_again(playing: Talk) -> None:
    finished(playing)
    came_back(playing, 2.1)
    playing.tap("practice")
    assert "First scene." in playing.say("xyzzy plugh")


def at_the_scene(talk: Talk) -> Talk:
    finished(talk)
    came_back(talk, 2.1)
    talk.tap("practice")
    assert talk.state.place.name == "practice"
    return talk


def test_help_is_one_tap_away_and_leads_back_to_the_scene(playing: Talk) -> None:
    place = at_the_scene(playing).state.place
    assert "999" in playing.tap("help")
    assert "First scene." in playing.tap("back")
    assert playing.state.place == place
    assert "999" in playing.say("tolong")


@pytest.mark.parametrize("word", ["hide", "stop"])
def test_hide_and_stop_are_obeyed_and_the_scene_comes_back_later(playing: Talk, word: str) -> None:
    at_the_scene(playing)
    assert "First scene." not in playing.say(word)
    assert playing.state.question is None
    assert "First scene." in playing.say("hello there")


@pytest.mark.parametrize("kind", ["media", "voice", "location"])
def test_a_picture_in_practice_is_refused_and_the_scene_stands(playing: Talk, kind: Kind) -> None:
    at_the_scene(playing)
    said = playing.message(kind)
    assert "First scene." in said
    assert playing.names == ["x", "y", "help"]


def test_a_stale_tap_and_a_restart_leave_the_scene_as_it_is(playing: Talk) -> None:
    finished(playing)
    came_back(playing, 2.1)
    old = playing.choices[0].token
    playing.tap("practice")
    place = playing.state.place
    assert "First scene." in playing.message("tap", token=old)
    assert "First scene." in playing.message("start")
    assert playing.state.place == place
    assert progress(playing).practised == 0


def test_a_scene_that_is_gone_leads_to_the_menu(playing: Talk) -> None:
    at_the_scene(playing)
    place = msgspec.structs.replace(playing.state.place, step="b9")
    playing.state = msgspec.structs.replace(playing.state, place=place)
    playing.say("hello there")
    assert playing.state.place.name == "menu"


def test_a_row_of_the_menu_that_no_longer_holds_is_no_error(playing: Talk) -> None:
    finished(playing)
    for row in ("practice", "next_lesson", "go_on"):
        asked = playing.state.question
        assert asked
        question = msgspec.structs.replace(asked, options=(*asked.options, Option(row, row)))
        playing.state = msgspec.structs.replace(playing.state, question=question)
        playing.tap(row)
        assert playing.state.place.name == "menu", row


def test_playing_the_lesson_again_takes_no_scene_away(playing: Talk) -> None:
    finished(playing)
    due = progress(playing).next_at
    playing.tap("lessons")
    playing.tap("B99")
    playing.say("menu")
    assert progress(playing).next_at == due
    came_back(playing, 2.1)
    assert {"go_on", "practice"} <= set(playing.names)


def test_the_labels_of_a_scene_typed_out_are_no_telling(playing: Talk) -> None:
    at_the_scene(playing)
    assert "Yes." in playing.say("b")


def test_scenes_rest_with_the_lessons(playing: Talk) -> None:
    at_the_scene(playing)
    playing.house = msgspec.structs.replace(playing.house, resting=True)
    assert "Yes." not in playing.tap("y")
    assert "999" in playing.say("help")
