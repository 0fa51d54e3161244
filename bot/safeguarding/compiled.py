"""Spellings as they are looked for, made beforehand: it saves half a second at every start.

`run.py safeguarding train` writes a file for the rules and one for the lexicon. Where their sources
have changed since, it is not used.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final

import msgspec

RULES: Final = Path(__file__).parent / "rules.bin"
SENSES: Final = Path(__file__).parent / "senses.bin"

Table = dict[str, tuple[str, int]]
"""What is looked for: what it stands for, and its flags."""


class _Stored(msgspec.Struct, frozen=True):
    """`names`: what spellings stand for; a row of a table names its own by place."""

    stamp: str
    names: list[str]
    tables: tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]


def save(tables: tuple[Table, Table], stamp: str, path: Path) -> None:
    """Write a file. `stamp`: of the sources the tables were made from."""
    names = sorted({row[0] for table in tables for row in table.values()})
    place = {name: number for number, name in enumerate(names)}
    letters, sounds = (
        {key: (place[name], flags) for key, (name, flags) in table.items()} for table in tables
    )
    stored = _Stored(stamp, names, (letters, sounds))
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(stored), 9))


def load(stamp: str, path: Path) -> tuple[Table, Table] | None:
    """The tables, or None where they are not there, damaged, or of other sources."""
    try:
        stored = msgspec.msgpack.decode(zlib.decompress(path.read_bytes()), type=_Stored)
    except (OSError, zlib.error, msgspec.MsgspecError):
        return None
    if stored.stamp != stamp:
        return None
    names = stored.names
    letters, sounds = (
        {key: (names[name], flags) for key, (name, flags) in rows.items()} for rows in stored.tables
    )
    return letters, sounds
