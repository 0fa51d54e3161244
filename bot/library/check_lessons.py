"""Rules on lessons: every step can be reached and left, every risk lesson says what it must."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.library import reviews, schema
from bot.library.lesson_steps import Card, Choose, End, Spot, Step, leads_to
from bot.library.lessons import BANDS, Band, Lesson
from bot.library.tree import COVERAGE, Problem, Tree
from bot.messages import LANGUAGES

SKILLS: Final = tuple(f"S{number:02}" for number in range(1, 25))
RISKS: Final = tuple(f"R{number}" for number in range(1, 14))
HARMS: Final = frozenset(RISKS[:7])
"""Risks where a child may already have been hurt."""
CHOICES: Final[dict[Band, int]] = {"7-9": 2, "10-12": 3, "13-17": 4, "parents": 4}
"""Most answers of a scene, without Help and without the `already` branch."""
BOOSTERS: Final = 4
"""Scenes of a lesson for days 2, 7, 28 and 90."""
ALREADY: Final = "already"
"""The id of the step or choice for a learner to whom it has happened."""

_MUST_SAY: Final = {
    "not your fault": r"not your fault",
    "nobody is angry": r"(nobody|no one|not)\b[^.]*\bangry",
    "telling was right": r"telling (was|is) right|right to tell",
    "it can get better": r"can\b[^.]*\bget better",
}


def unreachable(tree: Tree) -> Iterator[Problem]:
    """Every step can be reached from the start."""
    for lesson in tree.lessons.values():
        seen = _spread(lesson, [lesson.start], {n: leads_to(s) for n, s in lesson.steps.items()})
        for name in lesson.steps:
            if name not in seen:
                yield _step(tree, "unreachable", lesson, name, "no way leads here")


def endless(tree: Tree) -> Iterator[Problem]:
    """From every step a way leads to the end."""
    for lesson in tree.lessons.values():
        back: dict[str, list[str]] = {name: [] for name in lesson.steps}
        for name, step in lesson.steps.items():
            for goal in leads_to(step):
                back[goal].append(name)
        ends = [name for name, step in lesson.steps.items() if isinstance(step, End)]
        seen = _spread(lesson, ends, back)
        for name in lesson.steps:
            if name not in seen:
                yield _step(tree, "endless", lesson, name, "no way leads to the end")


def choices(tree: Tree) -> Iterator[Problem]:
    """A scene has two answers at least, and no more than its age can weigh."""
    for lesson, name, step in _steps(tree):
        if isinstance(step, Choose):
            count = len(step.choices)
            if not 2 <= count <= CHOICES[lesson.band] + _branches(step):
                message = f"has {count} answers; age {lesson.band} gets 2 to {CHOICES[lesson.band]}"
                yield _step(tree, "choices", lesson, name, message)


def mastery(tree: Tree) -> Iterator[Problem]:
    """Two scenes count, one of them a safe one; each can be got right and missed; then a card."""
    for lesson in tree.lessons.values():
        scenes = [(n, s) for n, s in lesson.steps.items() if isinstance(s, Choose) and s.check]
        if not any(s.safe for _, s in scenes) or all(s.safe for _, s in scenes):
            yield _step(tree, "mastery", lesson, "", "needs a check scene that is safe and one not")
        for name, scene in scenes:
            if len({choice.right for choice in scene.choices.values()}) < 2:
                yield _step(tree, "mastery", lesson, name, "needs a right answer and another")
        if not any(isinstance(step, Card) for step in lesson.steps.values()):
            yield _step(tree, "mastery", lesson, "", "has no skill card")


def cards(tree: Tree) -> Iterator[Problem]:
    """A skill card has 3 or 4 lines."""
    for lesson, name, step in _steps(tree):
        if isinstance(step, Card) and len(step.lines) not in (3, 4):
            yield _step(tree, "card", lesson, name, f"has {len(step.lines)} lines; 3 or 4 are kept")


def signs(tree: Tree) -> Iterator[Problem]:
    """Where signs are to be found, there is one, and something that is none."""
    for lesson, name, step in _steps(tree):
        if isinstance(step, Spot) and len({mark.flag for mark in step.marks.values()}) < 2:
            yield _step(tree, "signs", lesson, name, "needs a sign and something that is none")


def boosters(tree: Tree) -> Iterator[Problem]:
    """Scenes for later days: four, half of them safe, each with a right answer and another."""
    for lesson in tree.lessons.values():
        scenes = lesson.boosters
        if not scenes:
            continue
        if (len(scenes), sum(scene.safe for scene in scenes.values())) != (BOOSTERS, BOOSTERS // 2):
            yield _step(tree, "boosters", lesson, "", f"needs {BOOSTERS} scenes, half of them safe")
        for name, scene in scenes.items():
            key = lesson.key("boosters", name)
            if len({answer.right for answer in scene.choices.values()}) < 2:
                message = "needs a right answer and another"
                yield Problem("boosters", tree.files[lesson.id], key, "", message)
            if len(scene.choices) > CHOICES[lesson.band]:
                message = f"has {len(scene.choices)} answers; at most {CHOICES[lesson.band]}"
                yield Problem("boosters", tree.files[lesson.id], key, "", message)


def curriculum(tree: Tree) -> Iterator[Problem]:
    """Skills and risks are those of the curriculum."""
    for lesson in tree.lessons.values():
        for wrong in (*_without(lesson.skills, SKILLS), *_without(lesson.risks, RISKS)):
            yield _step(tree, "curriculum", lesson, "", f"there is no skill or risk {wrong}")


def harm(tree: Tree) -> Iterator[Problem]:
    """A lesson on R1 to R7 lifts the blame and has a branch for what has already happened."""
    for lesson in tree.lessons.values():
        if not HARMS & set(lesson.risks):
            continue
        english = " ".join(text for _, text in lesson.texts())
        for what, pattern in _MUST_SAY.items():
            if not re.search(pattern, english, re.IGNORECASE):
                yield _step(tree, "harm", lesson, "", f"never says: {what}")
        branch = [text for where, text in lesson.texts() if any(_already(w) for w in where)]
        if not branch:
            yield _step(tree, "harm", lesson, "", f"has no step or choice called {ALREADY}")
        elif not re.search(r"\bhelp\b", " ".join(branch), re.IGNORECASE):
            yield _step(tree, "harm", lesson, ALREADY, "does not offer the word help")


def editors(tree: Tree) -> Iterator[Problem]:
    """Editors find the schema, and it is today's."""
    if not schema.fresh(tree.root):
        yield Problem("schema", schema.NAME, "", "", "is stale; run: lessons extract")
    for lesson in tree.lessons.values():
        name = tree.files[lesson.id]
        first = (tree.root / name).read_text(encoding="utf-8").partition("\n")[0]
        depth = name.count("/") - 1
        if first != schema.FIRST_LINE.replace("lesson.schema", "../" * depth + "lesson.schema"):
            yield Problem("schema", name, "", "", f"must begin with: {schema.FIRST_LINE}")


def reviewed(tree: Tree) -> Iterator[Problem]:
    """Every lesson and language has its honest state, and no other has one."""
    file = "lessons/reviews.yaml"
    for lesson in _without(tree.reviews, [*tree.lessons, reviews.CARE]):
        yield Problem("reviews", file, lesson, "", "there is no such lesson")
    for lesson in [*tree.lessons, *(x for x in tree.reviews if x == reviews.CARE)]:
        for language in LANGUAGES:
            review = tree.reviews.get(lesson, {}).get(language)
            digest = reviews.digest(lesson, tree.tables[language])
            if review is None:
                yield Problem("reviews", file, lesson, language, "has no state")
            elif review.state == "reviewed" and review.text != digest:
                message = f"was reviewed in another wording; read it again, then text: {digest}"
                yield Problem("reviews", file, lesson, language, message)


def coverage(tree: Tree) -> Iterator[Problem]:
    """Once the curriculum is said to be complete: every risk in each band, every skill in each."""
    if tree.complete:
        for gap in gaps(tree):
            yield Problem("coverage", COVERAGE, "", "", gap)


def gaps(tree: Tree) -> list[str]:
    """What the curriculum asks for and no lesson has yet: a line a band and kind."""
    bare = [lesson.id for lesson in tree.lessons.values() if not lesson.boosters]
    found = [f"no scenes for later days: {', '.join(bare)}"] if bare else []
    for band in BANDS:
        here = [lesson for lesson in tree.lessons.values() if lesson.band == band]
        risks = {risk for lesson in here for risk in lesson.risks}
        skills = {skill for lesson in here for skill in lesson.skills}
        lacking = _without(RISKS, risks) + (_without(SKILLS, skills) if band != "parents" else [])
        if lacking:
            found.append(f"{band} lacks {', '.join(lacking)}")
    return found


def _steps(tree: Tree) -> Iterator[tuple[Lesson, str, Step]]:
    for lesson in tree.lessons.values():
        for name, step in lesson.steps.items():
            yield lesson, name, step


def _step(tree: Tree, rule: str, lesson: Lesson, name: str, message: str) -> Problem:
    key = lesson.key("steps", name) if name else lesson.id
    return Problem(rule, tree.files[lesson.id], key, "", message)


def _branches(step: Choose) -> int:
    """Answers that are no answers to the scene but lead to help."""
    return sum(_already(name) or _already(c.next) for name, c in step.choices.items())


def _already(name: str) -> bool:
    return name.startswith(ALREADY)


def _without(wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    there = set(known)
    return [name for name in wanted if name not in there]


def _spread(
    lesson: Lesson, begin: Iterable[str], ways: dict[str, list[str]] | dict[str, tuple[str, ...]]
) -> set[str]:
    """All steps that the ways lead to."""
    seen: set[str] = set()
    waiting = [name for name in begin if name in lesson.steps]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += ways[name]
    return seen
