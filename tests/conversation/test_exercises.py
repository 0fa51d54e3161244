"""The steps of a lesson that take several taps, played in a small lesson of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import texts
from bot.errors import ContentWrong
from bot.library import lessons, sources
from bot.library.shelf import Library
from bot.messages import LANGUAGES
from tests.conversation import talk
from tests.conversation.talk import ROOT, Talk

LESSON = """\
id: B99
band: 10-12
title: "Try"
goal: "I try."
skills: [S01]
risks: [R13]
minutes: 3
start: sorting
steps:
  sorting:
    kind: sort
    say: "Inside or outside the gate?"
    bins: {inside: {label: "Inside"}, outside: {label: "Outside"}}
    items:
      school: {say: "The name of your school.", bin: inside, feedback: "It stays inside."}
      colour: {say: "A colour you like.", bin: outside, feedback: "Anyone may know it."}
    next: spotting
  spotting:
    kind: spot
    say: "What could be a sign?"
    chat:
      who: "Kai"
      lines:
        a: {by: them, say: "You are so special!", at: "9:41"}
        b: {by: me, say: "Haha"}
        c: {by: other, name: "Mei Xin", say: "Hello all"}
    marks:
      nice: {label: "Too nice", feedback: "Very nice very fast.", flag: true}
      laugh: {label: "A laugh", feedback: "A laugh is fine."}
      secret: {label: "A secret", feedback: "A secret is a sign.", flag: true}
    enough: "No more"
    feedback: "You found them."
    missed: "There was one more."
    next: fingers
  fingers:
    kind: hand
    say: "Think of somebody for each finger."
    more: "One more"
    enough: "That is all"
    few: "Look for one more this week."
    feedback: "A strong hand."
    next: end
  end: {kind: end, say: "Done."}
boosters:
  b1:
    say: "First scene."
    choices:
      x: {label: "A", feedback: "Look."}
      y: {label: "B", feedback: "Yes.", right: true}
  b2:
    safe: true
    say: "Safe scene."
    choices:
      x: {label: "A", feedback: "Fine.", right: true}
      y: {label: "B", feedback: "It is fine."}
  b3:
    say: "Third scene."
    choices:
      x: {label: "A", feedback: "Look."}
      y: {label: "B", feedback: "Yes.", right: true}
  b4:
    safe: true
    say: "Last scene."
    choices:
      x: {label: "A", feedback: "Fine.", right: true}
      y: {label: "B", feedback: "It is fine."}
"""


def small(folder: Path, text: str = LESSON) -> lessons.Lesson:
    path = folder / "lessons" / "B99.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return lessons.lesson_from(sources.read(folder, path))


@pytest.fixture
def playing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A child who has begun the small lesson."""
    lesson = small(tmp_path)
    said = {lesson.key(*where): text for where, text in lesson.texts()}
    real = talk.library()
    tables: dict[Any, Any] = {
        x: texts.read(texts.mo_path(ROOT / "locales", x), x) | {k: (v,) for k, v in said.items()}
        for x in LANGUAGES
    }
    library = Library({lesson.id: lesson}, real.helplines, texts.Texts(tables))
    monkeypatch.setattr(talk, "library", lambda: library)
    return Talk().onboard("en", "child", "10-12").lesson("B99")


def test_a_chat_is_written_where_it_cannot_be_drawn(playing: Talk) -> None:
    playing.tap("inside")
    said = playing.tap("inside")
    assert "[ Kai ]\nKai: You are so special!\nMe: Haha\nMei Xin: Hello all" in said


def test_each_thing_is_sorted_and_every_answer_says_why(playing: Talk) -> None:
    assert "Inside or outside the gate?" in playing.said
    assert "The name of your school." in playing.said
    assert playing.names == ["inside", "outside", "help"]
    said = playing.tap("outside")
    assert said.index("It stays inside.") < said.index("A colour you like.")
    assert "What could be a sign?" in playing.tap("outside")


def test_resumed_in_the_middle_it_goes_on_with_the_same_thing(playing: Talk) -> None:
    playing.tap("inside")
    playing.say("menu")
    said = playing.tap("go_on")
    assert "A colour you like." in said
    assert "The name of your school." not in said


def test_signs_are_found_one_by_one_until_all_are(playing: Talk) -> None:
    for _ in range(2):
        playing.tap("inside")
    assert playing.names == ["nice", "laugh", "secret", "help"]
    assert "A laugh is fine." in playing.tap("laugh")
    assert playing.names == ["nice", "secret", "enough", "help"]
    assert "Very nice very fast." in playing.tap("nice")
    assert "You found them." in playing.tap("secret")


def test_whoever_stops_before_is_told_kindly_what_was_left(playing: Talk) -> None:
    for choice in ("inside", "inside", "nice"):
        playing.tap(choice)
    said = playing.tap("enough")
    assert said.index("There was one more.") < said.index("Think of somebody")


@pytest.mark.parametrize(("taps", "told"), [(0, "Look for"), (2, "Look for"), (3, "A strong hand")])
def test_a_hand_counts_and_keeps_no_name(playing: Talk, taps: int, told: str) -> None:
    for choice in ("inside", "inside", "nice", "enough"):
        playing.tap(choice)
    for count in range(1, taps + 1):
        assert f"{count} of 5." in playing.tap("more")
    assert told in playing.tap("enough")
    profile = playing.state.profile()
    assert profile
    assert profile.lessons["B99"].placed == ()


def test_a_full_hand_needs_no_further_tap(playing: Talk) -> None:
    for choice in ("inside", "inside", "nice", "enough", "more", "more", "more", "more"):
        playing.tap(choice)
    assert "A strong hand" in playing.tap("more")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("bin: outside", "bin: nowhere", "there is no bin nowhere"),
        ('by: other, name: "Mei Xin",', "by: other,", "steps.spotting.chat"),
        ("by: me, say", "by: nobody, say", "steps.spotting.chat.lines.b"),
        ("flag: true}\n      laugh", "flagg: true}\n      laugh", "steps.spotting.marks.nice"),
        ('bin: inside, feedback: "It stays inside."', "bin: inside", "steps.sorting.items.school"),
        (
            "kind: end, say",
            "kind: choose, choices: {help: {label: A, feedback: B, next: end}}, say",
            "help",
        ),
        ('    more: "One more"\n', "", "steps.fingers"),
    ],
)
def test_a_wrong_file_says_where(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in LESSON
    with pytest.raises(ContentWrong, match=told.replace(".", r"\.")):
        small(tmp_path, LESSON.replace(old, new))
