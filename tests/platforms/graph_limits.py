"""What the Cloud API refuses of a message, as platforms are: by code and details.

Meta does not say whether it counts code points or UTF-16 units: the longer count is taken.
"""

from __future__ import annotations

from typing import Any, Final

from tests.platforms.screen import Button

BODY: Final = 4096
INTERACTIVE: Final = 1024
HEADER: Final = 60
BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
BUTTON_ID: Final = 256
ROWS: Final = 10
ROW_TITLE: Final = 24
ROW_NOTE: Final = 72
ROW_ID: Final = 200
SECTIONS: Final = 10
OPAQUE: Final = 512
KINDS: Final = ("text", "interactive", "template")
STATUS: Final = {
    0: 401, 190: 401, 3: 500, 10: 403, 200: 403, 368: 403, 131005: 403, 131031: 403, 130497: 403,
    1: 400, 2: 503, 131000: 500, 131016: 500, 131057: 500, 133004: 503, 132001: 404,
}  # fmt: skip
"""The HTTP status of a code; 400 for all others."""
TITLES: Final = {
    0: "AuthException", 1: "API Unknown", 2: "API Service", 3: "API Method",
    4: "API Too Many Calls", 10: "Permission Denied", 100: "Invalid parameter",
    190: "Access token has expired", 368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues", 130429: "Rate limit hit", 130472: "User's number is part of an "
    "experiment", 131000: "Something went wrong", 131005: "Access denied",
    131008: "Required parameter is missing", 131009: "Parameter value is not valid",
    131016: "Service unavailable", 131021: "Recipient cannot be sender",
    131026: "Message undeliverable", 131030: "Recipient phone number not in allowed list",
    131031: "Account has been locked", 131042: "Business eligibility payment issue",
    131047: "Re-engagement message", 131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131050: "User has stopped marketing messages", 131051: "Unsupported message type",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode", 131062: "Business-scoped user ID not allowed",
    132000: "Template Param Count Mismatch", 132001: "Template does not exist",
    132005: "Template Hydrated Text Too Long", 132015: "Template is Paused",
    132016: "Template is Disabled",
}  # fmt: skip


class Refused(Exception):
    """The platform says no."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


def units(text: str) -> int:
    """The longer of both ways to count."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def _text(holder: Any, name: str, where: str, most: int) -> str:
    """A string of 1 to `most`, or Refused."""
    value = holder.get(name) if isinstance(holder, dict) else None
    if value is None:
        raise Refused(131008, f"The parameter {where} is required.")
    if not isinstance(value, str):
        raise Refused(100, f"Param {where} must be a string")
    if not value.strip():
        raise Refused(100, f"Param {where} cannot be empty")
    if units(value) > most:
        raise Refused(100, f"Param {where} must be at most {most} characters long.")
    return value


def _list(holder: Any, name: str, where: str, most: int) -> list[Any]:
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise Refused(131009, f"Invalid {where} count. Min allowed {where}: 1, Max: {most}")
    return value


def _different(values: list[str], where: str) -> None:
    if len(set(values)) < len(values):
        raise Refused(131009, f"Duplicated {where} in the message")


def _id(holder: Any, where: str, most: int) -> str:
    value = _text(holder, "id", where, most)
    if value != value.strip():
        raise Refused(131009, f"{where} cannot have leading or trailing spaces")
    return value


def read(message: dict[str, Any]) -> tuple[str, tuple[Button, ...]]:
    """The text and the buttons of a checked message; a template is checked elsewhere."""
    kind = message.get("type", "text")
    if kind not in KINDS:
        raise Refused(100, f"Param type must be one of {{{', '.join(KINDS).upper()}}}")
    if kind == "text":
        return _text(message.get("text"), "body", "text['body']", BODY), ()
    if kind == "template":
        return "", ()
    return _interactive(message.get("interactive"))


def _interactive(raw: Any) -> tuple[str, tuple[Button, ...]]:
    if not isinstance(raw, dict) or raw.get("type") not in ("button", "list"):
        raise Refused(131009, "Invalid interactive type")
    body = _text(raw.get("body"), "text", "interactive['body']['text']", INTERACTIVE)
    if "footer" in raw:
        _text(raw["footer"], "text", "interactive['footer']['text']", HEADER)
    if "header" in raw:
        _header(raw["header"], raw["type"])
    action = raw.get("action")
    if raw["type"] == "button":
        return body, _buttons(action)
    return body, _rows(action)


def _header(raw: Any, kind: str) -> None:
    if not isinstance(raw, dict) or (kind == "list" and raw.get("type") != "text"):
        raise Refused(131009, "Invalid header type")
    if raw.get("type") == "text":
        _text(raw, "text", "interactive['header']['text']", HEADER)


def _buttons(action: Any) -> tuple[Button, ...]:
    found = []
    for raw in _list(action, "buttons", "buttons", BUTTONS):
        if not isinstance(raw, dict) or raw.get("type") != "reply":
            raise Refused(131009, "Button type must be reply")
        reply = raw.get("reply")
        title = _text(reply, "title", "interactive['action']['buttons']['title']", BUTTON_TITLE)
        found.append(Button(_id(reply, "button id", BUTTON_ID), title))
    _different([button.label for button in found], "button title")
    _different([button.token for button in found], "button id")
    return tuple(found)


def _rows(action: Any) -> tuple[Button, ...]:
    _text(action, "button", "interactive['action']['button']", BUTTON_TITLE)
    sections = _list(action, "sections", "sections", SECTIONS)
    found: list[Button] = []
    for section in sections:
        if len(sections) > 1 or (isinstance(section, dict) and section.get("title")):
            _text(section, "title", "section title", ROW_TITLE)
        found += [_row(raw) for raw in _list(section, "rows", "rows", ROWS)]
    if len(found) > ROWS:
        raise Refused(131009, f"Total row count exceed max allowed count: {ROWS}")
    _different([button.token for button in found], "row id")
    return tuple(found)


def _row(raw: Any) -> Button:
    title = _text(raw, "title", "row title", ROW_TITLE)
    note = _text(raw, "description", "row description", ROW_NOTE) if "description" in raw else ""
    return Button(_id(raw, "row id", ROW_ID), title, note)


def opaque(message: dict[str, Any]) -> str:
    """The business's own mark on a message, which comes back in its receipts."""
    if "biz_opaque_callback_data" not in message:
        return ""
    return _text(message, "biz_opaque_callback_data", "biz_opaque_callback_data", OPAQUE)


def recipient(message: dict[str, Any]) -> str:
    """Whom it is for: the phone number in `to`, else the business-scoped id in `recipient`."""
    if message.get("messaging_product") != "whatsapp":
        raise Refused(100, "The parameter messaging_product is required.")
    if message.get("recipient_type", "individual") != "individual":
        raise Refused(100, "Param recipient_type must be one of {INDIVIDUAL}")
    phone, scoped = message.get("to"), message.get("recipient")
    if not phone and not scoped:
        raise Refused(100, "The parameter to is required.")
    if phone:
        digits = str(phone).lstrip("+").replace(" ", "")
        if not digits.isdigit():
            raise Refused(100, "Param to is not a valid phone number; ids go into recipient")
        return digits
    country, dot, rest = str(scoped).partition(".")
    if not (dot and len(country) == 2 and country.isupper() and rest and len(rest) <= 128):
        raise Refused(100, "Param recipient is not a valid business-scoped user id")
    return str(scoped)


def template_name(template: dict[str, Any]) -> str:
    """The name of a template; whether it is approved is for the platform to say."""
    return _text(template, "name", "template['name']", 512)


def template_values(template: dict[str, Any]) -> list[str]:
    """The texts that go into the body's places."""
    found = []
    for component in template.get("components") or []:
        if component.get("type") == "body":
            for one in component.get("parameters") or []:
                text = _text(one, "text", "parameter text", INTERACTIVE)
                if "\n" in text or "\t" in text or "     " in text:
                    raise Refused(
                        132018, "Param text cannot have new-line/tab characters or more than 4 "
                        "consecutive spaces"
                    )  # fmt: skip
                found.append(text)
    return found
