"""`lessons preview`: every screen of a lesson in four columns, as one page for reviewers.

The page stands alone: pictures are in it, and nothing is fetched from anywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Final

from bot.errors import ContentWrong
from bot.library import lesson_steps, pictures, staging
from bot.library.lesson_steps import Choose, Scene, Step
from bot.library.lessons import Lesson
from bot.library.shelf import Library
from bot.messages import LANGUAGES, Language

STYLE: Final = """
body {
  font: 16px/1.5 "Noto Sans", "Noto Sans Tamil", "Noto Sans CJK SC", sans-serif;
  margin: 1rem; color: #1c1c1c
}
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th, td { border: 1px solid #b8b2a7; padding: .5rem; vertical-align: top; text-align: left }
th { background: #1f5f63; color: #fff }
td p { margin: 0 0 .4rem; white-space: pre-line; overflow-wrap: anywhere }
td p.button {
  border: 1px solid #1f5f63; border-radius: .8rem; padding: .1rem .6rem; display: inline-block
}
td p.why { color: #444; margin-left: 1rem }
td img { width: 100%; max-width: 320px }
td small { color: #7a4300 }
"""


def page(library: Library, lesson_id: str) -> str:
    """The HTML of a lesson. Raises ContentWrong when there is no such lesson."""
    lesson = library.lessons.get(lesson_id)
    if lesson is None:
        raise ContentWrong(f"there is no lesson {lesson_id}")
    rows = [_row(library, lesson, where, step) for where, step in _screens(lesson)]
    heads = "".join(f'<th lang="{x}">{x}</th>' for x in LANGUAGES)
    draft = ", ".join(x for x in LANGUAGES if library.draft(lesson_id, x))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{lesson_id}</title>'
        f"<style>{STYLE}</style><h1>{lesson_id} {escape(lesson.title)}</h1>"
        f"<p>Drafted, not yet read by a person outside: {draft or 'nothing'}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></html>\n"
    )


def _screens(lesson: Lesson) -> Iterator[tuple[staging.Where, Step | Scene]]:
    yield from ((("steps", name), step) for name, step in lesson.steps.items())
    yield from ((("boosters", name), scene) for name, scene in lesson.boosters.items())


def _row(library: Library, lesson: Lesson, where: staging.Where, step: Step | Scene) -> str:
    cells = (
        f'<td lang="{language}">{_cell(library, lesson, where, step, language)}</td>'
        for language in LANGUAGES
    )
    return f'<tr id="{where[-1]}">{"".join(cells)}</tr>'


def _cell(
    library: Library, lesson: Lesson, where: staging.Where, step: Step | Scene, language: Language
) -> str:
    said = partial(library.texts.get, language, adult=lesson.band == "parents")
    kind = type(step).__name__.lower()
    marks = " ".join(m for m in ("check", "safe") if getattr(step, m, False))
    parts = [f"<small>{where[-1]}: {kind} {marks}</small>"]
    for part, _ in lesson_steps.texts(step):
        if part[0] == "chat":
            continue
        name = "button" if part[-1] in ("label", "skip", "enough", "more") else ""
        name = name or ("why" if part[-1] in ("feedback", "missed", "few") else "say")
        sign = _right(step, part) if name == "button" else ""
        parts.append(f'<p class="{name}">{escape(said(lesson.key(*where, *part)))}{sign}</p>')
        if part == ("say",):
            parts.append(_picture(lesson, where, said, language))
    return "".join(parts)


def _right(step: Step | Scene, part: tuple[str, ...]) -> str:
    """A mark on what the lesson hopes for."""
    chosen = step.choices[part[1]] if isinstance(step, Choose | Scene) else None
    return " ✓" if chosen is not None and chosen.right else ""


def _picture(lesson: Lesson, where: staging.Where, said: partial[str], language: Language) -> str:
    chat = dict(staging.chats(lesson)).get(where)
    if chat is None:
        return ""
    scene = staging.staged(lesson, where, chat, said, language)
    alt = "\n".join(f"{bubble.by}: {bubble.text}" for bubble in scene.bubbles)
    if not pictures.can_draw():
        return f"<p>{escape(alt)}</p>"
    drawn = base64.b64encode(staging.picture(scene)).decode()
    return f'<p><img alt="{escape(alt)}" src="data:image/png;base64,{drawn}"></p>'
