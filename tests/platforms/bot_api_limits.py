"""What the Bot API refuses, with its own descriptions."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, Final

from tests.platforms.forms import Malformed, structured
from tests.platforms.screen import Button

TEXT: Final = 4096
CAPTION: Final = 1024
DATA_BYTES: Final = 64
BUTTONS: Final = 100
BUTTONS_IN_ROW: Final = 8
"""Both undocumented: refused here, so that nobody leans on them."""
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{0,256}")
LANGUAGE: Final = re.compile(r"[a-z]{2}|")
COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
TAGS: Final = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote",
    "tg-spoiler", "span",
}  # fmt: skip


class Refused(Exception):
    """The platform says no. `code` is the HTTP status too."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(why: str) -> Refused:
    """A 400."""
    return Refused(400, f"Bad Request: {why}")


def units(text: str) -> int:
    """The longer of both ways to count: code points and UTF-16 units."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def text_of(params: dict[str, Any], name: str, limit: int, long: str) -> str:
    """A message's text as people will read it: markup parsed, outer spaces gone."""
    raw = str(params.get(name, ""))
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise bad("strings must be encoded in UTF-8") from error
    mode = str(params.get("parse_mode", "")).lower()
    if mode not in ("", "html"):
        raise bad("this fake reads plain text and HTML only")
    text = (_Markup(raw).text if mode else raw).strip()
    if units(text) > limit:
        raise bad(long)
    return text


class _Markup(HTMLParser):
    """Telegram's HTML: few tags, all closed, in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        if self._open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag "
                      f'"{self._open[-1]}"')  # fmt: skip

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            where = len(self.text.encode())
            raise bad(
                f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {where}'
            )
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        where = len(self.text.encode())
        if not self._open:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {where}")
        if (expected := self._open.pop()) != tag:
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {where}, "
                f'expected "</{expected}>", found "</{tag}>"'
            )

    def handle_data(self, data: str) -> None:
        self.text += data


def keyboard(raw: Any) -> tuple[dict[str, Any] | None, tuple[Button, ...]]:
    """An inline keyboard, checked: as it was sent, and its buttons in order."""
    if raw in (None, ""):
        return None, ()
    try:
        markup = structured(raw)
    except Malformed as error:
        raise bad("can't parse reply keyboard markup JSON object") from error
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup, ()
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    buttons = tuple(_button(raw) for row in rows for raw in row)
    if len(buttons) > BUTTONS or any(len(row) > BUTTONS_IN_ROW for row in rows):
        raise bad("reply markup is too long")
    return markup, buttons


def _button(raw: Any) -> Button:
    why = "can't parse inline keyboard button: "
    if not isinstance(raw, dict):
        raise bad(why + "InlineKeyboardButton must be an Object")
    if not isinstance(raw.get("text"), str):
        raise bad(why + 'Can\'t find field "text"')
    token = raw.get("callback_data") or raw.get("url")
    if not token:
        raise bad(why + "Text buttons are unallowed in the inline keyboard")
    if "callback_data" in raw and len(str(token).encode()) > DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return Button(str(token), raw["text"])


def identifiers(raw: Any) -> list[int]:
    """The `message_ids` of deleteMessages."""
    try:
        found = structured(raw) if raw else []
    except Malformed as error:
        raise bad("can't parse message identifiers JSON object") from error
    if not isinstance(found, list):
        raise bad("expected an Array of message identifiers")
    if not found:
        raise bad("message identifiers are not specified")
    if len(found) > 100:
        raise bad("too many message identifiers specified")
    return [int(one) for one in found]


def commands(raw: Any) -> list[dict[str, str]]:
    """The list of setMyCommands, cleaned as the platform does."""
    try:
        found = structured(raw) if raw else []
    except Malformed as error:
        raise bad("can't parse commands JSON object") from error
    if not isinstance(found, list):
        raise bad("expected an Array of BotCommand")
    if len(found) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return [_command(one) for one in found]


def _command(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not {"command", "description"} <= raw.keys():
        raise bad("can't parse BotCommand: expected an Object")
    name = str(raw["command"]).strip().removeprefix("/")
    about = str(raw["description"]).strip()
    if not name or not about:
        raise bad(f"command {'description ' if name else ''}must be non-empty")
    if units(about) > 256:
        raise bad("command description length must not exceed 256")
    if not COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    return {"command": name, "description": about}


def language(params: dict[str, Any]) -> str:
    """A two-letter code, or none for everybody else."""
    code = str(params.get("language_code", ""))
    if not LANGUAGE.fullmatch(code):
        raise bad("invalid language code specified")
    return code
