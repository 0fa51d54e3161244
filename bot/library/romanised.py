"""Care's core lines in Tamil with Latin letters, for whoever writes so (care.md, 12)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from bot.errors import ContentWrong
from bot.library import sources

FILE: Final = "romanised.yaml"
BUTTON: Final = 20


def read(root: Path) -> dict[str, str]:
    """The lines by key; none where there is no file. Raises ContentWrong where one is damaged."""
    path = root / "lessons" / FILE
    if not path.exists():
        return {}
    source = sources.read(root, path)
    try:
        lines = msgspec.convert(source.data, dict[str, str])
    except msgspec.ValidationError as error:
        raise ContentWrong(f"{source.name}: {error}") from None
    for key, line in lines.items():
        if key.startswith("button.") and len(line) > BUTTON:
            raise ContentWrong(f"{source.name}: {key} has more than {BUTTON} characters")
        if tamil := next((c for c in line if "\u0b80" <= c <= "\u0bff"), None):
            raise ContentWrong(f"{source.name}: {key} holds {tamil}, which is no Latin letter")
    return lines
