"""Screening as JSON Lines: a line in, a line out, never a crash (`run.py screen`)."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.language import which
from bot.messages import LANGUAGES, Language
from bot.safeguarding.assess import Screen


class Asked(msgspec.Struct):
    """A line in."""

    text: str
    lang: str | None = None


_DECODER = msgspec.json.Decoder(Asked)
_ENCODER = msgspec.json.Encoder()


def answer(screen: Screen, line: str) -> str:
    """The Concern of the line's text as one line of JSON; `{"error": ...}` where the line
    cannot be read."""
    try:
        asked = _DECODER.decode(line.encode("utf-8", "replace"))
    except msgspec.MsgspecError as error:
        return _line({"error": f"not a line of JSON with a text ({type(error).__name__})"})
    concern = screen.assess(asked.text)
    return _line(
        {
            "level": concern.level,
            "kinds": concern.kinds,
            "about": concern.about,
            "lang": concern.language or _hinted(asked.lang) or which.FALLBACK,
            "reasons": concern.reasons,
        }
    )


def _hinted(lang: str | None) -> Language | None:
    return next((known for known in LANGUAGES if lang and lang.lower().startswith(known)), None)


def _line(data: dict[str, Any]) -> str:
    return _ENCODER.encode(data).decode()
