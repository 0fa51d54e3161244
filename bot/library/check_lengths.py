"""Rules on lengths: what a platform cuts, and what a reader of that age can take in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.library import measure
from bot.library.entries import BUTTON
from bot.library.lesson_steps import (
    Card,
    Choose,
    End,
    Hand,
    Order,
    Sort,
    Spot,
    Step,
    Tell,
    Write,
    chat_texts,
)
from bot.library.lessons import Band, Lesson
from bot.library.tree import Problem, Tree
from bot.messages import LANGUAGES

BODY: Final = 1024
"""Characters of a message with buttons (WhatsApp, the strictest)."""
ROW: Final = 24
"""Characters of a row in a list; lesson titles stand in one."""
MARK: Final = "00/00"
"""Stands above a step: how far one is."""
FILLED: Final = 40
"""Characters allowed for what a placeholder is filled with."""

BUBBLE: Final[dict[Band, tuple[int, int]]] = {
    "7-9": (160, 55),
    "10-12": (280, 90),
    "13-17": (400, 130),
    "parents": (450, 150),
}
"""Longest bubble of an age: letters in Malay, English and Tamil; hanzi in Chinese."""
SENTENCE: Final[dict[Band, tuple[int, int]]] = {
    "7-9": (8, 12),
    "10-12": (12, 18),
    "13-17": (18, 25),
    "parents": (18, 25),
}
"""Longest sentence of an age: words; hanzi in Chinese."""

_BUBBLES: Final = re.compile(r"\.(say|feedback|missed|lines\.[a-z0-9_]+)$")


def buttons(tree: Tree) -> Iterator[Problem]:
    """Every button fits on every platform, by wording."""
    for said in tree.said():
        long = measure.platform(said.text)
        if said.entry.button and long > BUTTON:
            yield said.problem("button", f"has {long} characters, a button has {BUTTON}")


def titles(tree: Tree) -> Iterator[Problem]:
    """Every lesson's title fits in a list row."""
    for said in tree.said():
        long = measure.platform(said.text)
        if re.fullmatch(r"lessons\.\w+\.title", said.entry.key) and long > ROW:
            yield said.problem("title", f"has {long} characters, a list row has {ROW}")


def bubbles(tree: Tree) -> Iterator[Problem]:
    """A bubble of a lesson is no longer than its age can read."""
    for said in tree.said():
        if not _BUBBLES.search(said.entry.key) or said.reader not in BUBBLE:
            continue
        most = BUBBLE[said.reader][said.language == "zh"]
        long = measure.length(said.text, said.language)
        if long > most:
            yield said.problem("bubble", f"has {long} letters, age {said.reader} reads {most}")


def sentences(tree: Tree) -> Iterator[Problem]:
    """A sentence of a lesson is no longer than its age can read."""
    for said in tree.said():
        if not _BUBBLES.search(said.entry.key) or said.reader not in SENTENCE:
            continue
        most = SENTENCE[said.reader][said.language == "zh"]
        for sentence in measure.sentences(said.text):
            long = measure.words(sentence, said.language)
            if long > most:
                message = f"a sentence has {long} words, age {said.reader} reads {most}"
                yield said.problem("sentence", message)


def bodies(tree: Tree) -> Iterator[Problem]:
    """No text alone is longer than a message with buttons may be."""
    for said in tree.said():
        long = measure.platform(re.sub(r"\{\w+\}", "x" * FILLED, said.text))
        if long > BODY:
            yield said.problem("body", f"has {long} characters, a message has {BODY}")


def composed(tree: Tree) -> Iterator[Problem]:
    """Feedback and the next bubble go out as one message; it fits in every language."""
    for lesson in tree.lessons.values():
        for language in LANGUAGES:
            for where, parts in messages(lesson):
                text = "\n\n".join([MARK, *(tree.text(language, key) for key in parts)])
                if measure.platform(text) > BODY:
                    message = f"as one message: {measure.platform(text)} characters of {BODY}"
                    key = lesson.key("steps", where)
                    yield Problem("composed", tree.files[lesson.id], key, language, message)


def messages(lesson: Lesson) -> Iterator[tuple[str, list[str]]]:
    """Every message of a lesson: the step it comes after, and the keys of its lines."""
    yield lesson.start, ["lesson.welcome_back", *_body(lesson, lesson.start)]
    for name, step in lesson.steps.items():
        yield name, ["lesson.welcome_back", *_body(lesson, name)]
        for feedback, goal in _answers(name, step):
            yield name, [lesson.key("steps", name, *feedback), *_body(lesson, goal)]


def _body(lesson: Lesson, name: str) -> list[str]:
    step = lesson.steps[name]
    keys = [lesson.key("steps", name, "say")]
    match step:
        case Card(lines=lines):
            keys += [lesson.key("steps", name, "lines", line) for line in lines]
        case Order():
            keys.append("lesson.order_first")
        case Sort(items=items):
            keys.append(lesson.key("steps", name, "items", next(iter(items)), "say"))
        case Tell() | Choose() | Spot() | Write():
            keys += [lesson.key("steps", name, *where) for where in chat_texts(step)]
        case End():
            keys += ["lesson.shown", "menu.ask@child"]
    return keys


def _answers(name: str, step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    match step:
        case Choose(choices=choices):
            yield from ((("choices", x, "feedback"), c.next) for x, c in choices.items())
        case Order():
            yield ("missed",), name
            yield ("feedback",), step.next
        case Sort(items=items):
            yield ("items", next(reversed(items)), "feedback"), step.next
        case Spot(marks=marks):
            yield ("missed",), step.next
            yield from ((("marks", mark, "feedback"), step.next) for mark in marks)
        case Hand():
            yield ("few",), step.next
            yield ("feedback",), step.next
        case Write():
            yield ("feedback",), step.next
