"""The web page's form of a message: plain values, and the language of each paragraph."""

from __future__ import annotations

from typing import Any

from bot.language import which
from bot.messages import Lane, Language, Outgoing

PARAGRAPH = "\n\n"
LATIN: frozenset[Language | None] = frozenset({"ms", "en"})


def render(
    outgoing: Outgoing, *, seq: int, lane: Lane, language: Language | None
) -> dict[str, Any]:
    """What the page shows under number `seq`. `language` is the chat's own, None before it is
    chosen.

    `langs` holds the language of each paragraph of `text` ("" where nobody can tell): voices and
    fonts follow it.
    """
    return {
        "seq": seq,
        "text": outgoing.text,
        "langs": [code or "" for code in languages(outgoing.text.split(PARAGRAPH), language)],
        "language": language or "",
        "choices": [
            {"token": c.token, "label": c.label, "lang": _by_script(c.label) or language or ""}
            for c in outgoing.choices
        ],
        "picture": picture(outgoing),
        "wipe": outgoing.wipe,
        "lane": lane,
    }


def picture(outgoing: Outgoing) -> dict[str, str] | None:
    """Where the page fetches the picture of a message, and what it shows."""
    if outgoing.picture is None:
        return None
    return {"src": f"/pictures/{outgoing.picture}.png", "alt": outgoing.alt}


def languages(paragraphs: list[str], language: Language | None) -> list[Language | None]:
    """The language of each paragraph. Words are asked only where the chat's own language cannot be
    right: a message in several scripts, or Latin letters in a Tamil or Chinese chat.
    """
    scripts = [_by_script(text) for text in paragraphs]
    several = len(set(scripts)) > 2
    return [
        script or _latin(text, language, several)
        for script, text in zip(scripts, paragraphs, strict=True)
    ]


def _by_script(text: str) -> Language | None:
    """Tamil or Chinese by its letters; None for Latin ones."""
    if text.isascii():
        return None
    guess, romanised = which.language_of(text)
    return guess if guess not in LATIN and not romanised else None


def _latin(text: str, language: Language | None, several: bool) -> Language | None:
    if language in LATIN and not several:
        return language
    guess, _ = which.language_of(text)
    return guess if guess in LATIN else language
