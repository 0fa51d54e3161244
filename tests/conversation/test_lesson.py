"""The lesson player: every branch of every lesson in every language, and what may come
in between.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from bot.conversation import turn
from bot.library.lesson_steps import Choose
from bot.messages import LANGUAGES, Language
from tests.conversation.said import THREAT
from tests.conversation.talk import Talk, library, text

LESSONS = ("A1", "A2", "A3", "A4", "A5", "B6", "C4")
BANDS = {"A": "7-9", "B": "10-12", "C": "13-17"}


def begun(lesson_id: str, language: Language, channel: str = "web") -> Talk:
    return Talk(channel).onboard(language, "child", BANDS[lesson_id[0]]).lesson(lesson_id)


def walk(lesson_id: str, language: Language) -> Iterator[tuple[str, Talk]]:
    """Every step with every answer once, breadth first; a talk standing at each step."""
    start = begun(lesson_id, language)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    queue = [start]
    while queue:
        talk = queue.pop(0)
        if talk.state.place.name != "lesson":
            yield "", talk
            continue
        profile = talk.state.profile()
        assert profile is not None
        place = (talk.state.place.step, profile.lessons[lesson_id].placed)
        if place in seen:
            continue
        seen.add(place)
        yield place[0], talk
        for name in talk.names:
            if name != "help":
                ahead = copy.deepcopy(talk)
                ahead.tap(name)
                queue.append(ahead)


def test_the_lessons_are_there() -> None:
    assert tuple(library().lessons) == LESSONS


@pytest.mark.parametrize("lesson_id", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_walked_and_help_is_one_tap_away(lesson_id: str, language: Language) -> None:
    steps = set()
    finished = 0
    for step, talk in walk(lesson_id, language):
        if not step:
            finished += 1
            continue
        steps.add(step)
        assert "help" in talk.names, step
        assert all(len(c.label) <= 20 for c in talk.choices), [c.label for c in talk.choices]
        assert all(len(c.token.encode()) <= 64 for c in talk.choices)
        ahead = copy.deepcopy(talk)
        assert "999" in ahead.tap("help")
        assert ahead.state.place == talk.state.place
        ahead.tap("back")
        assert ahead.state.place == talk.state.place
    lesson = library().lessons[lesson_id]
    ends = {name for name, s in lesson.steps.items() if type(s).__name__ == "End"}
    assert steps == set(lesson.steps) - ends
    assert finished


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_a_disclosure_a_restart_and_a_hide_at_every_step(lesson_id: str) -> None:
    walked = 0
    for step, talk in walk(lesson_id, "ms"):
        if not step:
            continue
        told = copy.deepcopy(talk)
        told.say(THREAT["ms"])
        assert told.state.place.name == "care", step
        told.tap("wrong")
        assert told.state.place == talk.state.place, step
        assert told.state.profiles == talk.state.profiles, step
        restarted = copy.deepcopy(talk)
        restarted.message("start")
        assert restarted.state.place == talk.state.place
        hidden = copy.deepcopy(talk)
        hidden.say("sorok")
        hidden.say("hai")
        assert hidden.state.place == talk.state.place
        walked += 1
    assert walked > 8


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_every_option_has_its_own_feedback_and_no_scolding(lesson_id: str) -> None:
    options = 0
    for name, step in library().lessons[lesson_id].steps.items():
        if isinstance(step, Choose):
            for choice in step.choices:
                for language in LANGUAGES:
                    said = text(
                        language, f"lessons.{lesson_id}.steps.{name}.choices.{choice}.feedback"
                    )
                    assert said
                    assert "wrong!" not in said.lower()
                    options += 1
    assert options > 40


def test_a_pause_is_resumed_and_another_lesson_kept_apart() -> None:
    talk = begun("C4", "en")
    talk.tap(talk.names[0])
    step = talk.state.place.step
    talk.say("menu")
    talk.tap("go_on")
    assert talk.state.place.step == step
    assert text("en", "lesson.welcome_back") in talk.said


def test_a_stale_tap_shows_where_the_user_is_and_moves_nothing() -> None:
    talk = begun("C4", "en")
    old = talk.choices[0].token
    talk.tap(talk.names[0])
    place = talk.state.place
    talk.message("tap", token=old)
    assert talk.state.place == place
    assert text("en", f"lessons.C4.steps.{place.step}.say") in talk.said


@pytest.mark.parametrize(
    "token", ["", ".", "care.first.abcdef.help", "lesson.hook.xxxxxx.start", "x" * 500, "\x00"]
)
def test_a_token_that_never_was(token: str) -> None:
    talk = begun("C4", "en")
    place = talk.state.place
    talk.message("tap", token=token)
    assert talk.state.place == place
    assert talk.said


def test_another_chats_token_is_not_taken() -> None:
    one, other = begun("C4", "en"), Talk().onboard("en", "child", "13-17")
    other.wait(7_000_000)
    other.lesson("C4")
    assert one.choices[0].token != other.choices[0].token
    place = one.state.place
    one.message("tap", token=other.choices[0].token)
    assert one.state.place == place


def test_own_words_are_taken_and_never_graded_wrong() -> None:
    for step, talk in walk("B6", "en"):
        question = talk.state.question
        if step and question and question.free:
            said = talk.say("I would like to talk to you about my day")
            assert text("en", f"lessons.B6.steps.{step}.feedback") in said
            return
    pytest.fail("B6 asks for no own words")


def test_the_check_counts_new_scenes_and_a_miss_takes_nothing_away() -> None:
    talk = begun("B6", "en")
    lesson = library().lessons["B6"]
    for _ in range(40):
        if talk.state.place.name != "lesson":
            break
        step = lesson.steps[talk.state.place.step]
        if isinstance(step, Choose):
            talk.tap(
                next((n for n, c in step.choices.items() if c.right), next(iter(step.choices)))
            )
        elif step.__class__.__name__ == "Order":
            placed = talk.state.profiles[0].lessons["B6"].placed
            talk.tap(step.order[len(placed)])  # type: ignore[union-attr]
        else:
            talk.tap(next(n for n in talk.names if n != "help"))
    assert talk.state.profiles[0].lessons["B6"].right == 2
    assert text("en", "lesson.shown") in talk.said


def test_a_token_over_the_limit_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="too long"):
        turn.token("q" * 60, "choice")
