"""Reads queries.sql: statements under names, for either database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("queries.sql")
_HEADING: Final = re.compile(r"^-- name: *([a-z_]+)\s*$", re.MULTILINE)
_POSTGRES_ONLY: Final = re.compile(r"^-- postgres: ", re.MULTILINE)
_COMMENT: Final = re.compile(r"--.*$", re.MULTILINE)
_PARAM: Final = re.compile(r"(?<!:):([a-z_]+)")


def for_sqlite() -> dict[str, str]:
    """Name -> statement with `:param`."""
    return {name: _bare(sql) for name, sql in _parts().items()}


def for_postgres() -> dict[str, str]:
    """Name -> statement with `%(param)s`; lines that begin with `-- postgres: ` are part of it."""
    return {name: _for_psycopg(sql) for name, sql in _parts().items()}


def _parts() -> dict[str, str]:
    pieces = _HEADING.split(FILE.read_text(encoding="utf-8"))[1:]
    names = pieces[0::2]
    if len(set(names)) != len(names):
        raise ValueError("two statements have one name")
    return dict(zip(names, pieces[1::2], strict=True))


def _for_psycopg(sql: str) -> str:
    whole = _bare(_POSTGRES_ONLY.sub("", sql)).replace("%", "%%")
    return _PARAM.sub(r"%(\1)s", whole)


def _bare(sql: str) -> str:
    return " ".join(_COMMENT.sub("", sql).split())
