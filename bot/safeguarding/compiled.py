"""The rules' spellings as they are looked for, made beforehand: it saves half a second at every
start.

`run.py safeguarding train` writes the file. Where the rules have changed since, it is not used.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final

import msgspec

from bot.safeguarding.match import Table, Tables

PATH: Final = Path(__file__).parent / "rules.bin"


class _Stored(msgspec.Struct, frozen=True):
    """`masks`: the concepts as bits, in hexadecimal; a row of a table names its mask by place."""

    stamp: str
    masks: list[str]
    tables: tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]


def save(tables: Tables, stamp: str, path: Path = PATH) -> None:
    """Write the file. `stamp`: of the rules the tables were made from."""
    masks = sorted({row[0] for table in tables for row in table.values()})
    place = {mask: number for number, mask in enumerate(masks)}
    letters, sounds = (
        {key: (place[mask], flags) for key, (mask, _, flags) in table.items()} for table in tables
    )
    stored = _Stored(stamp, [f"{mask:x}" for mask in masks], (letters, sounds))
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(stored), 9))


def load(stamp: str, path: Path = PATH) -> Tables | None:
    """The tables, or None where they are not there, damaged, or of other rules."""
    try:
        stored = msgspec.msgpack.decode(zlib.decompress(path.read_bytes()), type=_Stored)
    except (OSError, zlib.error, msgspec.MsgspecError):
        return None
    if stored.stamp != stamp:
        return None
    masks = [int(mask, 16) for mask in stored.masks]
    letters, sounds = (_table(rows, masks) for rows in stored.tables)
    return letters, sounds


def _table(rows: dict[str, tuple[int, int]], masks: list[int]) -> Table:
    return {key: (masks[mask], len(key), flags) for key, (mask, flags) in rows.items()}
