"""Reads what Meta posts: every entry, change, message and receipt of it, one bad one never harming
the others.

Nothing of a picture, a voice, a contact or a place is read beyond its being there. A user may have
no phone number: the business-scoped id is the address where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec

from bot.channels import whatsapp_payloads as payloads
from bot.channels.whatsapp_form import is_scoped
from bot.messages import TOKEN_LIMIT, Chat, Incoming, Kind, Words, clean

T = TypeVar("T")


class Moved(msgspec.Struct, frozen=True):
    """Somebody has a new number or a new id: what is kept for `old` belongs to `new`."""

    id: str
    old: tuple[Chat, ...]
    new: Chat


class Receipt(msgspec.Struct, frozen=True):
    """What became of a message we sent. `key` is the one it was sent with; `code` an error's, or
    0.
    """

    key: str
    status: str
    code: int


class Post(msgspec.Struct, frozen=True):
    """Everything of one POST that matters. `numbers`: the phone number ids it was addressed to."""

    incoming: tuple[Incoming, ...] = ()
    moved: tuple[Moved, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    numbers: frozenset[str] = frozenset()
    unread: int = 0


_KINDS: Final[dict[str, Kind]] = {
    "text": "text",
    "image": "media",
    "video": "media",
    "document": "media",
    "audio": "voice",
    "voice": "voice",
    "location": "location",
}
"""Types that say by their name what they are; what is not here is `other`, unless read below."""
_MOVES: Final = frozenset(
    {"user_changed_number", "customer_changed_number", "user_changed_user_id"}
)


class _Reader:
    """Collects one POST."""

    def __init__(self) -> None:
        self.incoming: list[Incoming] = []
        self.moved: list[Moved] = []
        self.receipts: list[Receipt] = []
        self.numbers: set[str] = set()
        self.unread = 0

    def each(self, raws: list[msgspec.Raw], kind: type[T]) -> Iterator[T]:
        """Those that can be read; the others are counted."""
        for raw in raws:
            found = _decoded(raw, kind)
            if found is None:
                self.unread += 1
            else:
                yield found

    def value(self, raw: msgspec.Raw) -> None:
        """All messages and receipts of one change."""
        value = _decoded(raw, payloads.Value) or self._by_parts(raw)
        self.numbers.add(value.metadata.phone_number_id)
        for raw in value.messages:
            self.message(raw, value.contacts)
        for status in self.each(value.statuses, payloads.Status):
            if status.biz_opaque_callback_data:
                code = status.errors[0].code if status.errors else 0
                receipt = Receipt(status.biz_opaque_callback_data, status.status, code)
                self.receipts.append(receipt)

    def _by_parts(self, raw: msgspec.Raw) -> payloads.Value:
        """Of a value that breaks the form, all parts that keep it."""
        self.unread += 1
        parts = _decoded(raw, dict[str, msgspec.Raw]) or {}
        lists = {name: _decoded(part, list[msgspec.Raw]) or [] for name, part in parts.items()}
        metadata = _decoded(parts.get("metadata", msgspec.Raw(b"{}")), payloads.Metadata)
        return payloads.Value(
            metadata or payloads.Metadata(),
            list(self.each(lists.get("contacts", []), payloads.Contact)),
            lists.get("messages", []),
            lists.get("statuses", []),
        )

    def message(self, raw: msgspec.Raw, contacts: list[payloads.Contact]) -> None:
        """One message; where only its sender can be read, somebody has written something."""
        whole = _decoded(raw, payloads.Message)
        sender = whole or _decoded(raw, payloads.Sender)
        chats = _chats(sender, contacts) if sender else ()
        if sender is None or not chats:
            self.unread += 1
        elif whole is None:
            self.incoming.append(_incoming(sender.id, chats, "other"))
        elif whole.type == "system":
            self._system(whole, chats)
        elif not whole.group_id:
            self.incoming += _read(whole, chats)

    def _system(self, message: payloads.Message, chats: tuple[Chat, ...]) -> None:
        system = message.system
        if system is None or system.type not in _MOVES:
            return
        address = system.user_id or system.wa_id or system.new_wa_id
        before = (system.previous_user_id, *(chat.address for chat in chats), system.customer)
        old = tuple(Chat("whatsapp", one) for one in before if one and one != address)
        if address and old:
            self.moved.append(Moved(message.id, old, Chat("whatsapp", address)))


def read(body: bytes) -> Post:
    """The whole of a POST, signed and all. Never raises: what cannot be read is counted."""
    reader = _Reader()
    envelope = _decoded(body, payloads.Envelope)
    if envelope is None:
        return Post(unread=1)
    for entry in reader.each(envelope.entry, payloads.Entry):
        for change in reader.each(entry.changes, payloads.Change):
            if change.field == "messages":
                reader.value(change.value)
    return Post(
        tuple(reader.incoming),
        tuple(reader.moved),
        tuple(reader.receipts),
        frozenset(reader.numbers - {""}),
        reader.unread,
    )


def _decoded(raw: bytes | msgspec.Raw, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _leniently(bytes(raw), kind)


def _leniently(raw: bytes, kind: type[T]) -> T | None:
    """Half a character, as a cut emoji leaves it, costs that character and not what was said."""
    try:
        found = json.loads(raw.decode("utf-8", "replace"))
        text = json.dumps(found, ensure_ascii=False)
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return msgspec.json.decode(whole.encode(), type=kind)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None


def _chats(sender: payloads.Sender, contacts: list[payloads.Contact]) -> tuple[Chat, ...]:
    """The sender's addresses, the one to use first."""
    phone, scoped = sender.phone, sender.scoped
    if phone and is_scoped(phone):  # some guides put the scoped id there
        phone, scoped = None, scoped or phone
    if not scoped:
        only = len(contacts) == 1
        mine = (c for c in contacts if c.user_id and (only or c.wa_id == phone))
        scoped = next((c.user_id for c in mine), None)
    if not phone and not scoped:
        phone = contacts[0].wa_id if len(contacts) == 1 else None
    return tuple(Chat("whatsapp", address) for address in (scoped, phone) if address)


def _read(message: payloads.Message, chats: tuple[Chat, ...]) -> Iterator[Incoming]:
    match message.type:
        case "interactive" if chosen := _chosen(message.interactive):
            yield _incoming(message.id, chats, "tap", token=chosen)
        case "button" if message.button:
            yield _incoming(message.id, chats, "tap", token=message.button.payload)
        case "edit":
            if text := _edited(message.edit):
                yield _incoming(message.id, chats, "edited", text=text)
        case "revoke" | "deleted":
            return
        case "reaction":
            if message.reaction and message.reaction.emoji:
                yield _incoming(message.id, chats, "other")
        case _:
            kind = _KINDS.get(message.type, "other")
            yield _incoming(message.id, chats, kind, text=_words(message))


def _chosen(interactive: payloads.Interactive | None) -> str:
    if interactive is None:
        return ""
    reply = interactive.button_reply or interactive.list_reply
    return reply.id if reply else ""


def _words(message: payloads.Message) -> str | None:
    if message.text:
        return message.text.body
    file = message.image or message.video or message.document
    return file.caption if file else None


def _edited(edit: payloads.Edit | None) -> str | None:
    """The new text, wherever Meta put it."""
    if edit is None:
        return None
    inner = edit.message
    text = edit.text or (inner.text if inner else None)
    if text:
        return text.body
    file = (inner.image or inner.video or inner.document) if inner else None
    return file.caption if file else None


def _incoming(
    id: str, chats: tuple[Chat, ...], kind: Kind, *, text: str | None = None, token: str = ""
) -> Incoming:
    return Incoming(
        id,
        chats[0],
        kind,
        Words(clean(text)) if text else None,
        clean(token[: TOKEN_LIMIT + 1]) if kind == "tap" else None,
        alias=chats[1].address if len(chats) > 1 else None,
    )
