"""Telegram's form of a message: parameters of sendMessage and sendPhoto."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from bot.messages import Choice, Outgoing

WIDE: Final = 24
"""Letters that stand beside each other in one row of buttons on a narrow phone."""
ROW: Final = 3
NO_PREVIEW: Final = '{"is_disabled":true}'
"""A link is text: nothing is fetched or shown of it."""


def message(outgoing: Outgoing) -> dict[str, Any]:
    """Text and buttons, without the chat. Values are strings, as they go over the wire."""
    form: dict[str, Any] = {"text": outgoing.text, "link_preview_options": NO_PREVIEW}
    if outgoing.choices:
        form["reply_markup"] = keyboard(outgoing.choices)
    return form


def under_picture(outgoing: Outgoing) -> dict[str, Any]:
    """The same beside a picture: parameters of sendPhoto, without the picture."""
    form = message(outgoing)
    form["caption"] = form.pop("text")
    del form["link_preview_options"]
    return form


def keyboard(choices: tuple[Choice, ...]) -> str:
    """An inline keyboard as JSON: short labels share a row, their order stays."""
    rows = [
        [{"text": choice.label, "callback_data": choice.token} for choice in row]
        for row in rows_of(choices)
    ]
    return msgspec.json.encode({"inline_keyboard": rows}).decode()


def rows_of(choices: tuple[Choice, ...]) -> list[list[Choice]]:
    """The choices in rows of up to three, none wider than a narrow phone."""
    rows: list[list[Choice]] = []
    for choice in choices:
        row = rows[-1] if rows else []
        widest = max((len(other.label) for other in [*row, choice]), default=0)
        if row and len(row) < ROW and widest * (len(row) + 1) <= WIDE:
            row.append(choice)
        else:
            rows.append([choice])
    return rows
