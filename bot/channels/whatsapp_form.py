"""WhatsApp's form of a message: the JSON that is posted to the Cloud API.

Limits are counted in code points and in UTF-16 units; what is too long was cut before
(`split.parts`), what is still too long here is a fault and raises SendNever.
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.errors import SendNever
from bot.library import measure
from bot.messages import Chat, Choice, Language, Outgoing, Template

TEXT: Final = 4096
BODY: Final = 1024
BUTTON: Final = 20
BUTTONS: Final = 3
ROW: Final = 24
ROWS: Final = 10
LOCALES: Final[dict[Language, str]] = {"ms": "ms", "en": "en", "zh": "zh_CN", "ta": "ta"}
"""The template languages of Meta."""
_SCOPED: Final = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,128}")
_OPENER: Final = "\N{GLOBE WITH MERIDIANS}"
"""Opens a list before anybody has said which language they read."""


def is_scoped(address: str) -> bool:
    """Whether an address is a business-scoped user id (`MY.1234...`) and no phone number."""
    return _SCOPED.fullmatch(address) is not None


def message(
    chat: Chat, outgoing: Outgoing, *, key: str, templates: dict[Template, str]
) -> dict[str, Any]:
    """One message to one user. `key` comes back in the receipts. Raises SendNever when it breaks a
    limit.
    """
    form: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient" if is_scoped(chat.address) else "to": chat.address,
        "biz_opaque_callback_data": key,
    }
    if outgoing.template:
        name = templates[outgoing.template]
        code = LOCALES[outgoing.language or "ms"]
        form |= {"type": "template", "template": {"name": name, "language": {"code": code}}}
    elif outgoing.choices:
        _fits("body", outgoing.text, BODY)
        form |= {"type": "interactive", "interactive": _interactive(outgoing)}
    else:
        _fits("text", outgoing.text, TEXT)
        form |= {"type": "text", "text": {"body": outgoing.text, "preview_url": False}}
    return form


def _interactive(outgoing: Outgoing) -> dict[str, Any]:
    choices = outgoing.choices
    if _fit_on_buttons(choices):
        kind, action = "button", {"buttons": [_button(choice) for choice in choices]}
    else:
        kind, action = "list", _list(outgoing)
    return {"type": kind, "body": {"text": outgoing.text}, "action": action}


def _fit_on_buttons(choices: tuple[Choice, ...]) -> bool:
    """Few, short and different; a lesson's title may be as long as a list's row."""
    labels = {choice.label for choice in choices}
    short = all(measure.platform(label) <= BUTTON for label in labels)
    return short and len(choices) <= BUTTONS and len(labels) == len(choices)


def _button(choice: Choice) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": choice.token, "title": choice.label}}


def _list(outgoing: Outgoing) -> dict[str, Any]:
    if len(outgoing.choices) > ROWS:
        raise SendNever(f"a list of {len(outgoing.choices)} rows")
    for choice in outgoing.choices:
        _fits("row", choice.label, ROW)
    rows = [{"id": choice.token, "title": choice.label} for choice in outgoing.choices]
    return {"button": outgoing.opener or _OPENER, "sections": [{"rows": rows}]}


def _fits(what: str, text: str, limit: int) -> None:
    long = measure.platform(text)
    if not 0 < long <= limit:
        raise SendNever(f"a {what} of {long} characters")
