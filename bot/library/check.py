"""`lessons check`: every rule on the content, one small function each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from bot.library import (
    check_catalogs,
    check_lengths,
    check_lessons,
    check_pictures,
    check_words,
    tree,
)
from bot.library.tree import Problem, Tree

Rule = Callable[[Tree], Iterable[Problem]]

RULES: Final[tuple[Rule, ...]] = (
    check_catalogs.missing,
    check_catalogs.fuzzy,
    check_catalogs.outdated,
    check_catalogs.obsolete,
    check_catalogs.plurals,
    check_catalogs.placeholders,
    check_catalogs.english,
    check_catalogs.latin,
    check_catalogs.lifeline,
    check_lengths.buttons,
    check_lengths.titles,
    check_lengths.bubbles,
    check_lengths.sentences,
    check_lengths.bodies,
    check_lengths.composed,
    check_lessons.unreachable,
    check_lessons.endless,
    check_lessons.choices,
    check_lessons.mastery,
    check_lessons.cards,
    check_lessons.signs,
    check_lessons.boosters,
    check_lessons.curriculum,
    check_lessons.harm,
    check_lessons.editors,
    check_lessons.reviewed,
    check_lessons.coverage,
    check_pictures.glyphs,
    check_pictures.weight,
    check_words.terms,
    check_words.avoided,
    check_words.never,
    check_words.address,
    check_words.numbers,
    check_words.foreign,
)


def check(root: Path) -> list[Problem]:
    """All problems of the content under root, rule by rule; none means that it may go out."""
    content = tree.read(root)
    return [*content.faults, *(problem for rule in RULES for problem in rule(content))]
