"""Which lesson has been read by a person in which language: lessons/reviews.yaml, told as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bot.errors import ContentWrong
from bot.library import sources
from bot.messages import Language


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The state of one lesson in one language. `text` is the digest of what a reviewer read."""

    state: Literal["drafted", "reviewed"]
    by: Annotated[str, Meta(min_length=1)]
    when: date
    text: Annotated[str, Meta(pattern="^[0-9a-f]{12}$")] | None = None


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


def digest(lesson: str, table: Mapping[str, tuple[str, ...]]) -> str:
    """A short digest of a lesson in one language, from all texts of that language."""
    made = hashlib.sha256()
    for key in sorted(key for key in table if key.startswith(f"lessons.{lesson}.")):
        made.update("\0".join((key, *table[key])).encode() + b"\n")
    return made.hexdigest()[:12]
