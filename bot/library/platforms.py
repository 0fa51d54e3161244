"""Where an account, page or message may be, and when its platform's steps were read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from bot.errors import ContentWrong
from bot.library import sources

FILE: Final = "platforms.yaml"


class Platform(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One platform. `sure`: how sure we are that its app still works so."""

    name: Annotated[str, Meta(min_length=1, max_length=20)]
    checked: date
    sure: Literal["high", "medium", "low"]
    sources: Annotated[list[str], Meta(min_length=1)]


def load(root: Path) -> dict[str, Platform]:
    """The platforms by id, in the order of the file; none where there is no file. Raises
    ContentWrong where it is damaged.
    """
    path = root / "lessons" / FILE
    if not path.exists():
        return {}
    source = sources.read(root, path)
    try:
        return msgspec.convert(source.data, dict[str, Platform])
    except msgspec.ValidationError as error:
        raise ContentWrong(f"{source.name}: {error}") from None
