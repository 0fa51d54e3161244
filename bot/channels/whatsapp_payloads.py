"""What is read of Meta's webhooks, as types: the least that tells what somebody did. Every list is
taken apart later, so that one part that breaks the form harms no other.
"""

from __future__ import annotations

import msgspec

# -- the envelope


class Envelope(msgspec.Struct):
    entry: list[msgspec.Raw] = []


class Entry(msgspec.Struct):
    changes: list[msgspec.Raw] = []


class Change(msgspec.Struct):
    field: str = "messages"
    value: msgspec.Raw = msgspec.Raw(b"{}")


class Metadata(msgspec.Struct):
    phone_number_id: str = ""


class Contact(msgspec.Struct):
    wa_id: str | None = None
    user_id: str | None = None


class Value(msgspec.Struct):
    """What one change holds, where all of its parts are well formed."""

    metadata: Metadata = msgspec.field(default_factory=Metadata)
    contacts: list[Contact] = []
    messages: list[msgspec.Raw] = []
    statuses: list[msgspec.Raw] = []


# -- a message


class Text(msgspec.Struct):
    body: str = ""


class File(msgspec.Struct):
    caption: str | None = None


class Chosen(msgspec.Struct):
    id: str = ""


class Interactive(msgspec.Struct):
    button_reply: Chosen | None = None
    list_reply: Chosen | None = None


class Button(msgspec.Struct):
    payload: str = ""


class Reaction(msgspec.Struct):
    emoji: str | None = None


class System(msgspec.Struct):
    type: str = ""
    wa_id: str | None = None
    new_wa_id: str | None = None
    user_id: str | None = None
    previous_user_id: str | None = None
    customer: str | None = None


class Edited(msgspec.Struct):
    text: Text | None = None
    image: File | None = None
    video: File | None = None
    document: File | None = None


class Edit(msgspec.Struct):
    message: Edited | None = None
    text: Text | None = None


class Sender(msgspec.Struct, rename={"phone": "from", "scoped": "from_user_id"}):
    """What is read of a message whose content breaks the form."""

    id: str
    type: str = ""
    phone: str | None = None
    scoped: str | None = None
    group_id: str | None = None


class Message(Sender, rename={"phone": "from", "scoped": "from_user_id"}):
    text: Text | None = None
    interactive: Interactive | None = None
    button: Button | None = None
    image: File | None = None
    video: File | None = None
    document: File | None = None
    reaction: Reaction | None = None
    system: System | None = None
    edit: Edit | None = None


class Error(msgspec.Struct):
    code: int = 0


class Status(msgspec.Struct):
    status: str = ""
    biz_opaque_callback_data: str | None = None
    errors: list[Error] = []
