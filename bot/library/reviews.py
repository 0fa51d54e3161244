"""Which lesson has been read by a person in which language: lessons/reviews.yaml, told as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from bot import texts
from bot.errors import ContentWrong
from bot.library import sources
from bot.messages import Language


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The state of one lesson in one language. `text` is the digest of what a reviewer read."""

    state: Literal["drafted", "reviewed"]
    by: Annotated[str, Meta(min_length=1)]
    when: date
    text: Annotated[str, Meta(pattern="^[0-9a-f]{12}$")] | None = None


CARE: Final = "care"
"""Stands in the file beside the lessons, for what a child in need reads."""
CARE_KEYS: Final = ("care.", "help.", "report.", "relay.", "content.", "hide.", "media.")

Reviews = dict[str, dict[Language, Review]]


def load(root: Path) -> Reviews:
    """Read lessons/reviews.yaml. Raises ContentWrong naming what is wrong."""
    source = sources.read(root, root / "lessons" / "reviews.yaml")
    try:
        found = msgspec.convert(source.data or {}, Reviews)
    except msgspec.ValidationError as error:
        raise ContentWrong(f"{source.name}: {error}") from None
    for lesson, rows in found.items():
        for language, review in rows.items():
            if review.state == "reviewed" and review.text is None:
                raise ContentWrong(
                    f"{source.name}: {lesson} {language} is reviewed without the digest of its text"
                )
    return found


def stands(
    reviews: Reviews, lesson: str, language: Language, table: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether the text of the lesson, as it is in the table of that language, was reviewed."""
    review = reviews.get(lesson, {}).get(language)
    claimed = review is not None and review.state == "reviewed"
    return claimed and review is not None and review.text == digest(lesson, table)


def care_is_read(root: Path, language: Language) -> bool:
    """Whether a person has read the sentences of care in that language as they are now."""
    table = texts.read(texts.mo_path(root / "locales", language), language)
    return stands(load(root), CARE, language, table)


def digest(lesson: str, table: Mapping[str, tuple[str, ...]]) -> str:
    """A short digest of a lesson, or of care, in one language, from all texts of that language."""
    made = hashlib.sha256()
    wanted = CARE_KEYS if lesson == CARE else (f"lessons.{lesson}.",)
    for key in sorted(key for key in table if key.startswith(wanted)):
        made.update("\0".join((key, *table[key])).encode() + b"\n")
    return made.hexdigest()[:12]
