"""Reads what Telegram sends: one update, whatever it holds, becomes a message or nothing.

Nothing of a picture, a voice or a place is read beyond its being there.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

from bot.messages import TOKEN_LIMIT, Chat, Incoming, Kind, Words, clean

_START: Final = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
_ADDRESSED: Final = re.compile(r"(/\w{1,32})@\w+\s*")
_CONTENTS: Final[tuple[tuple[str, Kind], ...]] = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video_note", "voice"),
    ("photo", "media"),
    ("video", "media"),
    ("animation", "media"),
    ("document", "media"),
    ("paid_media", "media"),
    ("story", "media"),
    ("venue", "location"),
    ("location", "location"),
)
"""What a message may hold besides text, and how it is taken."""
_WORDED: Final[tuple[tuple[str, Kind], ...]] = (("message", "text"), ("edited_message", "edited"))


class _User(msgspec.Struct):
    id: int
    language_code: str | None = None


class _Room(msgspec.Struct):
    id: int
    type: str = ""


class _Message(msgspec.Struct, rename={"sender": "from"}):
    chat: _Room
    message_id: int = 0
    sender: _User | None = None
    text: str | None = None
    caption: str | None = None
    voice: Any = None
    audio: Any = None
    video_note: Any = None
    photo: Any = None
    video: Any = None
    animation: Any = None
    document: Any = None
    paid_media: Any = None
    story: Any = None
    venue: Any = None
    location: Any = None
    pinned_message: Any = None
    message_auto_delete_timer_changed: Any = None
    chat_background_set: Any = None
    write_access_allowed: Any = None


class _Tap(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: _User | None = None
    message: _Message | None = None
    data: str | None = None


class _Status(msgspec.Struct):
    status: str


class _Member(msgspec.Struct):
    chat: _Room
    new_chat_member: _Status


class _Update(msgspec.Struct):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Tap | None = None
    my_chat_member: _Member | None = None


class Reading(msgspec.Struct, frozen=True):
    """One update. `update_id` is None where not even that can be read; `incoming` where it is no
    message to the bot; `tap` is the id by which Telegram wants a tap confirmed.
    """

    update_id: int | None
    incoming: Incoming | None = None
    tap: str | None = None


def read_bytes(body: bytes) -> Reading:
    """The update that a webhook brought. Never raises: what cannot be read becomes `other`, or
    nothing.
    """
    try:
        return _read(msgspec.json.decode(body, type=_Update))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return read(leniently(body))
    except (ValueError, RecursionError):
        return Reading(None)


def read(update: object) -> Reading:
    """The same, for an update that polling brought as plain values."""
    try:
        return _read(msgspec.convert(update, _Update))
    except (msgspec.MsgspecError, RecursionError):
        return _saved(update) if isinstance(update, dict) else Reading(None)


def leniently(body: bytes) -> Any:
    """JSON in spite of bytes that are no UTF-8 and of lone surrogates, which msgspec refuses: one
    broken character must not cost a child's words. Raises ValueError or RecursionError.
    """
    return json.loads(body.decode("utf-8", "replace"))


def confirmation(tap: str) -> bytes:
    """The answer to a webhook that tells Telegram the tap was taken."""
    return msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": clean(tap)})


def _read(update: _Update) -> Reading:
    number = update.update_id
    if update.callback_query is not None:
        return _tapped(number, update.callback_query)
    if update.message is not None:
        return Reading(number, _written(number, update.message))
    if update.edited_message is not None:
        return Reading(number, _edited(number, update.edited_message))
    if update.my_chat_member is not None:
        return Reading(number, _moved(number, update.my_chat_member))
    return Reading(number)


def _tapped(number: int, tap: _Tap) -> Reading:
    room = tap.message.chat if tap.message else _private(tap.sender)
    if room is None or room.type != "private" or tap.data is None:
        return Reading(number, None, tap.id)
    token = clean(tap.data[: TOKEN_LIMIT + 1])
    incoming = Incoming(str(number), _chat(room), "tap", None, token, _hint(tap.sender))
    return Reading(number, incoming, tap.id)


def _private(user: _User | None) -> _Room | None:
    """A private chat has the id of its user."""
    return _Room(user.id, "private") if user else None


def _written(number: int, message: _Message) -> Incoming | None:
    if message.chat.type != "private" or _is_notice(message):
        return None
    text = message.text if message.text is not None else message.caption
    kind, token = _kind(message), None
    if kind == "text" and (started := _START.fullmatch(text or "")):
        kind, token, text = "start", started[1], None
    elif kind == "text" and (addressed := _ADDRESSED.fullmatch(text or "")):
        text = addressed[1]
    return Incoming(
        str(number),
        _chat(message.chat),
        kind,
        Words(clean(text)) if text else None,
        token,
        _hint(message.sender),
        shown_id=str(message.message_id) if message.message_id else None,
    )


def _kind(message: _Message) -> Kind:
    if message.text is not None:
        return "text"
    found = (kind for name, kind in _CONTENTS if getattr(message, name) is not None)
    return next(found, "other")


def _is_notice(message: _Message) -> bool:
    """The app tells what was done in the chat; nobody has written."""
    return any(
        notice is not None
        for notice in (
            message.pinned_message,
            message.message_auto_delete_timer_changed,
            message.chat_background_set,
            message.write_access_allowed,
        )
    )


def _edited(number: int, message: _Message) -> Incoming | None:
    """New words of an older message. A place that moves on is edited, too, and says nothing."""
    text = message.text if message.text is not None else message.caption
    if message.chat.type != "private" or not text:
        return None
    words = Words(clean(text))
    return Incoming(str(number), _chat(message.chat), "edited", words, None, _hint(message.sender))


def _moved(number: int, member: _Member) -> Incoming | None:
    kinds: dict[str, Kind] = {"kicked": "left", "left": "left", "member": "returned"}
    kind = kinds.get(member.new_chat_member.status)
    if kind is None or member.chat.type != "private":
        return None
    return Incoming(str(number), _chat(member.chat), kind)


def _chat(room: _Room) -> Chat:
    return Chat("telegram", str(room.id))


def _hint(user: _User | None) -> str | None:
    return user.language_code if user else None


# -- what breaks the form


def _saved(update: dict[str, Any]) -> Reading:
    """What can still be made of an update that breaks the form: a tap, words, or that somebody
    wrote something.
    """
    number = _whole(update.get("update_id"))
    if number is None:
        return Reading(None)
    if isinstance(tap := update.get("callback_query"), dict):
        return _saved_tap(number, tap)
    for name, kind in _WORDED:
        if isinstance(message := update.get(name), dict):
            return Reading(number, _saved_words(number, message, kind))
    return Reading(number)


def _saved_tap(number: int, tap: dict[str, Any]) -> Reading:
    id, data, message = tap.get("id"), tap.get("data"), tap.get("message")
    room = _saved_room(message if isinstance(message, dict) else {})
    confirmed = id if isinstance(id, str) else None
    if room is None or not isinstance(data, str):
        return Reading(number, None, confirmed)
    incoming = Incoming(str(number), room, "tap", None, clean(data[: TOKEN_LIMIT + 1]))
    return Reading(number, incoming, confirmed)


def _saved_words(number: int, message: dict[str, Any], kind: Kind) -> Incoming | None:
    room = _saved_room(message)
    said = (message.get(name) for name in ("text", "caption"))
    text = next((words for words in said if isinstance(words, str) and words), None)
    if room is None or (text is None and kind == "edited"):
        return None
    words = Words(clean(text)) if text else None
    return Incoming(str(number), room, kind if text else "other", words)


def _saved_room(message: dict[str, Any]) -> Chat | None:
    room = message.get("chat")
    if not isinstance(room, dict) or room.get("type") != "private":
        return None
    address = _whole(room.get("id"))
    return None if address is None else Chat("telegram", str(address))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
