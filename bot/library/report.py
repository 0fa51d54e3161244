"""`lessons stats` and `lessons show`: the content told to those who write and review it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import ContentWrong
from bot.library import (
    check_catalogs,
    check_lengths,
    check_lessons,
    measure,
    reviews,
    tree,
)
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
)
from bot.library.lessons import BANDS, Lesson
from bot.library.shelf import Library
from bot.library.tree import Tree
from bot.messages import LANGUAGES, Language

_Said = Callable[..., str]


def stats(root: Path) -> str:
    """Lines on coverage, counts, lengths and review state of the content under root."""
    content = tree.read(root)
    lines = [
        *_translated(content),
        "",
        *_lengths(content),
        "",
        *_reviews(content),
        "",
        *_bands(content),
        *(f"not read: {fault}" for fault in content.faults),
    ]
    return "\n".join(lines)


def show(library: Library, lesson_id: str, language: Language) -> str:
    """A lesson as it is read in one language: every step in order, with what each answer says.

    Raises ContentWrong when there is no such lesson.
    """
    if lesson_id not in library.lessons:
        raise ContentWrong(
            f"there is no lesson {lesson_id}; there are: {', '.join(library.lessons)}"
        )
    lesson = library.lessons[lesson_id]

    def said(*where: str) -> str:
        return library.texts.get(language, lesson.key(*where), adult=lesson.band == "parents")

    draft = " (draft)" if library.draft(lesson_id, language) else ""
    blocks = [f"{lesson.id}  {said('title')}{draft}\n{said('goal')}"]
    for name, step in lesson.steps.items():
        marks = " ".join(("", *_marks(step)))
        lines = [f"[{name}]{marks}", said("steps", name, "say"), *_chat(said, name, step)]
        blocks.append("\n".join([*lines, *_answers(said, name, step)]))
    return "\n\n".join(blocks) + "\n"


def _chat(said: _Said, name: str, step: Step) -> Iterator[str]:
    if isinstance(step, Tell | Choose | Spot | Write) and step.chat:
        who = said("steps", name, "chat", "who")
        yield f"  [ {who} ]"
        for key, line in step.chat.lines.items():
            at = ("steps", name, "chat", "lines", key)
            by = said(*at, "name") if line.name else who if line.by == "them" else "me"
            yield f"  {by}: {said(*at, 'say')}"


def _exercise(said: _Said, name: str, step: Sort | Spot | Hand) -> Iterator[str]:
    match step:
        case Sort(bins=bins, items=items):
            yield "  " + " ".join(f"({said('steps', name, 'bins', key, 'label')})" for key in bins)
            for key, item in items.items():
                yield f"  {said('steps', name, 'items', key, 'say')} = {item.bin}"
                yield f"      {said('steps', name, 'items', key, 'feedback')}"
        case Spot(marks=marks):
            for key, mark in marks.items():
                sign = "!" if mark.flag else "-"
                yield f"  ({said('steps', name, 'marks', key, 'label')}) {sign}"
                yield f"      {said('steps', name, 'marks', key, 'feedback')}"
            yield f"  all found: {said('steps', name, 'feedback')}"
            yield f"  ({said('steps', name, 'enough')}): {said('steps', name, 'missed')}"
        case Hand():
            yield " ".join(f"  ({said('steps', name, part)})" for part in ("more", "enough"))
            yield f"  three or more: {said('steps', name, 'feedback')}"
            yield f"  fewer: {said('steps', name, 'few')}"
    yield f"  -> {step.next}"


def _answers(said: _Said, name: str, step: Step) -> Iterator[str]:
    match step:
        case Sort() | Spot() | Hand():
            yield from _exercise(said, name, step)
        case Choose(choices=choices):
            for key, choice in choices.items():
                mark = "+" if choice.right else "-"
                yield f"  ({said('steps', name, 'choices', key, 'label')}) {mark} -> {choice.next}"
                yield f"      {said('steps', name, 'choices', key, 'feedback')}"
        case Order(order=order):
            for place, key in enumerate(order, start=1):
                yield f"  {place}. ({said('steps', name, 'items', key, 'label')})"
            yield f"  all in order -> {step.next}: {said('steps', name, 'feedback')}"
            yield f"  otherwise: {said('steps', name, 'missed')}"
        case Write():
            yield f"  own words -> {step.next}: {said('steps', name, 'feedback')}"
            yield f"  ({said('steps', name, 'skip')}) -> {step.next}"
        case Card(lines=lines):
            yield from (f"  * {said('steps', name, 'lines', key)}" for key in lines)
            yield f"  -> {step.next}"
        case Tell():
            yield f"  -> {step.next}"
        case End():
            pass


def _marks(step: Step) -> Iterator[str]:
    yield type(step).__name__.lower()
    if isinstance(step, Choose):
        yield from (["check"] if step.check else [])
        yield from (["safe"] if step.safe else [])


def _translated(content: Tree) -> Iterator[str]:
    total = len(content.entries)
    still = [problem.language for problem in check_catalogs.english(content)]
    yield f"texts: {total}, lessons: {len(content.lessons)}"
    for language in LANGUAGES:
        table = content.tables[language]
        count = len(table)
        file = content.catalogs.get(language)
        fuzzy = sum(unit.fuzzy for unit in file.units) if file else 0
        share = f"{100 * count // total if total else 0} %"
        left = f"fuzzy {fuzzy}, still English {still.count(language)}"
        yield f"  {language}: {count} of {total} ({share}), {left}"


def _lengths(content: Tree) -> Iterator[str]:
    yield "longest: button, title, bubble (letters), message (characters), in each language"
    for lesson in content.lessons.values():
        yield f"  {lesson.id} {lesson.band}: " + ", ".join(
            f"{language} {_longest(content, lesson, language)}" for language in LANGUAGES
        )


def _longest(content: Tree, lesson: Lesson, language: Language) -> str:
    here = [s for s in content.said(language) if s.entry.key.startswith(f"lessons.{lesson.id}.")]
    button = max((measure.platform(s.text) for s in here if s.entry.button), default=0)
    bubble = max((measure.length(s.text, language) for s in here), default=0)
    messages = (
        "\n\n".join(content.text(language, key) for key in parts)
        for _, parts in check_lengths.messages(lesson)
    )
    message = max(measure.platform(text) for text in messages)
    title = measure.platform(content.text(language, lesson.key("title")))
    return f"{button}/{title}/{bubble}/{message}"


def _reviews(content: Tree) -> Iterator[str]:
    yield "reviews (by, when; digest of the present text)"
    for lesson in content.lessons:
        for language in LANGUAGES:
            review = content.reviews.get(lesson, {}).get(language)
            digest = reviews.digest(lesson, content.tables[language])
            told = f"{review.state} by {review.by} on {review.when}" if review else "no state"
            yield f"  {lesson} {language}: {told}; {digest}"


def _bands(content: Tree) -> Iterator[str]:
    yield "coverage"
    for band in BANDS:
        scenes = [
            step
            for lesson in content.lessons.values()
            for step in lesson.steps.values()
            if lesson.band == band and isinstance(step, Choose)
        ]
        count = sum(lesson.band == band for lesson in content.lessons.values())
        safe = sum(scene.safe for scene in scenes)
        yield f"  {band}: lessons {count}, scenes {len(scenes)}, safe {safe}"
    yield from (f"  {gap}" for gap in check_lessons.gaps(content))
