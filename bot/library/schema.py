"""The JSON Schema of a lesson file, for editors: made from the structs, so it cannot differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.library.lessons import Lesson

NAME: Final = "lessons/lesson.schema.json"
FIRST_LINE: Final = "# yaml-language-server: $schema=lesson.schema.json"
"""How a lesson file begins, so that editors find the schema."""


def text() -> str:
    """The schema as JSON, ending in a newline."""
    made: dict[str, Any] = msgspec.json.schema(Lesson)
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A Teman lesson"}
    return json.dumps(about | made, indent=2, ensure_ascii=False) + "\n"


def write(root: Path) -> Path:
    """Write lessons/lesson.schema.json."""
    path = root / NAME
    path.write_text(text(), encoding="utf-8")
    return path


def fresh(root: Path) -> bool:
    """Whether the file is what `write` would write."""
    path = root / NAME
    return path.exists() and path.read_text(encoding="utf-8") == text()
