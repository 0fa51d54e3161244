"""`services verify`: who dialled a help line, and when, written into lessons/helplines.yaml. The
rest of the file, its comments too, stays as it is.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Final

from bot.errors import ContentWrong
from bot.library import helplines

_FIELD: Final = re.compile(r"^    verified_by_call:.*$", re.MULTILINE)


def verify(path: Path, line_id: str, day: date, by: str) -> None:
    """Note the call. Raises ContentWrong for an id that is not there, an empty name, a day to come,
    or a file that cannot be written.
    """
    lines = helplines.load(path).lines
    if line_id not in lines:
        raise ContentWrong(f"there is no help line {line_id}; run.py services list shows them")
    if not by.strip():
        raise ContentWrong("say who dialled: --by NAME")
    changed = noted(path.read_text(encoding="utf-8"), line_id, day, by.strip())
    part = path.with_suffix(".part")
    try:
        part.write_text(changed, encoding="utf-8")
        helplines.load(part)
        part.replace(path)
    except OSError as error:
        raise ContentWrong(f"{path.name} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def noted(text: str, line_id: str, day: date, by: str) -> str:
    """The file's text with the call noted under that line."""
    begin = re.search(rf"^  {re.escape(line_id)}:\n", text, re.MULTILINE)
    if begin is None:
        raise ContentWrong(f"{line_id} must stand in a block of its own")
    end = re.compile(r"^  \S|\Z", re.MULTILINE).search(text, begin.end())
    block = text[begin.end() : end.start() if end else len(text)]
    note = f"    verified_by_call: {{date: {day.isoformat()}, by: {json.dumps(by)}}}"
    found = _FIELD.search(block)
    if found:
        block = block[: found.start()] + note + block[found.end() :]
    else:
        block = f"{note}\n{block}"
    return text[: begin.end()] + block + text[end.start() if end else len(text) :]
