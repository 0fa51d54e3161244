"""A person with WhatsApp on their phone: what they do is posted to the bot as Meta would post it.

Deeds return the webhook's Post at once; `person.screen` is what they see, `await
person.wait_for(1)` waits for one answer since the last deed, `person.wait` does so without a loop.
Inside `with api.together(shape)` the deeds of all people go into one webhook.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

from tests.platforms.graph_webhooks import errors
from tests.platforms.postman import Post
from tests.platforms.screen import PATIENCE_S, Line, Screen

if TYPE_CHECKING:
    from tests.platforms.graph_api import GraphApi

Identity = Literal["phone", "bsuid", "both", "inside"]
"""Which ids of a person webhooks carry; `inside`: the scoped one in the number's place."""
FILE: Final = {"sha256": "bm90aGluZyB0byBzZWU=", "id": "10500000000001"}
MIMES: Final = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg; codecs=opus",
    "document": "application/pdf",
    "sticker": "image/webp",
}
MORE: Final[dict[str, dict[str, Any]]] = {
    "audio": {"voice": True},
    "sticker": {"animated": False},
    "document": {"filename": "homework.pdf"},
}


class Person:
    """One user. `address`: what the platform wants the bot to know them by. `lines`: all messages
    of the chat; `read`: the ids the bot has marked as read; `typing`: those with the bubble.
    """

    def __init__(self, api: GraphApi, phone: str, user_id: str, identity: Identity) -> None:
        self._api = api
        self.key = phone
        """Never changes: what the person does is posted in this order."""
        self.phone = phone
        self.user_id = user_id
        self.identity = identity
        self.wrote_at: float | None = None
        self.lines = Screen(api.bell)
        self.read: list[str] = []
        self.typing: list[str] = []

    @property
    def address(self) -> str:
        """The business-scoped id where there is one, else the phone number."""
        return self.phone if self.identity == "phone" else self.user_id

    def names(self, phone: str, scoped: str) -> dict[str, str]:
        """The person's ids under these field names, as far as the platform tells them."""
        known = {"phone": {phone: self.phone}, "bsuid": {scoped: self.user_id}}
        known["both"] = {**known["phone"], **known["bsuid"]}
        known["inside"] = {phone: self.user_id}
        return known[self.identity]

    @property
    def card(self) -> dict[str, Any]:
        """As an element of `contacts`."""
        profile = {"name": "Someone"}
        if self.identity == "bsuid":
            profile["username"] = "someone.there"
        return {"profile": profile, **self.names("wa_id", "user_id")}

    @property
    def screen(self) -> list[Line]:
        """What stands on the screen now."""
        return self.lines.standing

    @property
    def history(self) -> list[Line]:
        """All there ever was."""
        return self.lines.all

    async def wait_for(
        self, what: int | str | Callable[[list[Line]], object], timeout: float = PATIENCE_S
    ) -> list[Line]:
        """Wait for so many answers since the last deed, for words on the screen, or until a
        question about the screen is answered yes. Gives the answers.
        """
        return await self.lines.wait_for(what, timeout)

    def wait(
        self, what: int | str | Callable[[list[Line]], object], timeout: float = PATIENCE_S
    ) -> list[Line]:
        """The same, blocking."""
        return self.lines.wait(what, timeout)

    def send(self, content: dict[str, Any], text: str | None = None, **more: Any) -> Post:
        """Any message: `content` holds its type and the object named after it. With `text` it
        stands on the screen, and the 24-hour window opens anew. `errors`, `contact=False`: more
        of the value.
        """
        with self._api.bell.lock:
            id = more.pop("id", None) or self._api.new_id(self.phone)
            when = str(int(self._api.now()))
            said = {**self.names("from", "from_user_id"), "id": id, "timestamp": when, **content}
            self.lines.mark()
            if text is not None:
                self.wrote_at = self._api.now()
                kind = str(content.get("type", ""))
                self.lines.add(Line(id, text, mine=True, at=self._api.now(), kind=kind))
            contacts = [self.card] if more.pop("contact", True) else []
            return self._api.post(
                self._api.envelopes.value(contacts=contacts, messages=[said], **more), self.key
            )

    def write(self, text: str, **more: Any) -> Post:
        """Type and send; `context`, `referral` and the like may be given."""
        return self.send({"type": "text", "text": {"body": text}, **more}, text)

    def tap(self, what: str, *, forged: bool = False) -> Post:
        """Tap the newest button or row with this label or token. `forged`: one that never was."""
        if forged:
            return self._tapped("wamid.unknown", "button_reply", {"id": what, "title": what})
        line, button = self.lines.button(what)
        kind = "list_reply" if line.kind == "list" else "button_reply"
        reply = {"id": button.token, "title": button.label}
        if button.note:
            reply["description"] = button.note
        return self._tapped(line.id, kind, reply)

    def _tapped(self, id: str, kind: str, reply: dict[str, str]) -> Post:
        context = {"from": self._api.display, "id": id}
        choice = {"type": kind, kind: reply}
        content = {"context": context, "type": "interactive", "interactive": choice}
        return self.send(content, reply["title"])

    def template_button(self, payload: str, text: str = "OK", *, context: bool = True) -> Post:
        """The quick reply of a template."""
        said = {"context": {"from": self._api.display, "id": "wamid.template"}} if context else {}
        return self.send(
            {**said, "type": "button", "button": {"payload": payload, "text": text}}, text
        )

    def flow_reply(self, answers: dict[str, Any]) -> Post:
        """A Flow handed in; its answers come as a string."""
        reply = {"response_json": json.dumps(answers), "body": "Sent", "name": "flow"}
        choice = {"type": "nfm_reply", "nfm_reply": reply}
        return self.send({"type": "interactive", "interactive": choice}, "Sent")

    def media(self, kind: str, caption: str = "", *, url: bool = True) -> Post:
        """A file; it must never be fetched."""
        file = {**FILE, "mime_type": MIMES[kind], **MORE.get(kind, {})}
        if url:
            file["url"] = f"{self._api.server.url}/attachments/?mid={file['id']}"
        if caption:
            file["caption"] = caption
        return self.send({"type": kind, kind: file}, caption)

    def send_image(self, caption: str = "") -> Post:
        """A picture."""
        return self.media("image", caption)

    def voice(self) -> Post:
        """A voice message."""
        return self.media("audio")

    def sticker(self) -> Post:
        """A sticker."""
        return self.media("sticker")

    def location(self) -> Post:
        """Where they are."""
        where = {"latitude": 3.139, "longitude": 101.6869}
        return self.send({"type": "location", "location": where}, "")

    def contact(self) -> Post:
        """Somebody's number."""
        card = {"name": {"formatted_name": "A friend", "first_name": "A friend"}}
        phones = [{"phone": "+60 11-1111 0000", "wa_id": "601111110000", "type": "CELL"}]
        return self.send({"type": "contacts", "contacts": [{**card, "phones": phones}]}, "")

    def order(self) -> Post:
        """Goods put into a cart."""
        item = {"product_retailer_id": "A1", "quantity": 1, "item_price": 2, "currency": "MYR"}
        order = {"catalog_id": "900100", "text": "", "product_items": [item]}
        return self.send({"type": "order", "order": order}, "")

    def react(self, message: Line | str, emoji: str = "👍") -> Post:
        """A reaction to a message."""
        reaction = {"message_id": _id(message), "emoji": emoji}
        return self.send({"type": "reaction", "reaction": reaction})

    def unreact(self, message: Line | str, *, empty: bool = False) -> Post:
        """Take the reaction back: the emoji is missing, or empty."""
        said = {"emoji": ""} if empty else {}
        reaction = {"message_id": _id(message), **said}
        return self.send({"type": "reaction", "reaction": reaction})

    def edit(self, message: Line | Post | str, text: str) -> Post:
        """Rewrite what was written before."""
        id = _id(message)
        self.lines.change(id, text=text, edited=True)
        new = {"type": "text", "text": {"body": text}}
        edit = {"original_message_id": id, "message": new}
        return self.send({"type": "edit", "edit": edit})

    def revoke(self, message: Line | Post | str) -> Post:
        """Take a message back for everybody."""
        self.lines.change(_id(message), deleted=True)
        return self.send({"type": "revoke", "revoke": {"original_message_id": _id(message)}})

    def unsupported(self, inner: str = "poll") -> Post:
        """What the platform does not pass on."""
        said = errors(131051, "Message type is currently not supported.")
        content = {"type": "unsupported", "errors": said, "unsupported": {"type": inner}}
        return self.send(content, "")

    def future_kind(self) -> Post:
        """A type nobody has heard of yet."""
        return self.send({"type": "hologram", "hologram": {"id": "h1", "frames": [1, 2]}}, "")

    def empty_interactive(self) -> Post:
        """An answer that the platform could not put into words."""
        said = errors(131000, "Unsupported webhook payload")
        return self.send({"type": "interactive"}, errors=said)

    def _system(self, system: dict[str, Any], old: dict[str, str]) -> Post:
        content = {**old, "type": "system", "system": system}
        return self.send(content, contact=False)

    def change_number(self, phone: str, user_id: str | None = None) -> Post:
        """A new number, and with it a new business-scoped id; told under the old one."""
        before, old_id = self.names("from", "from_user_id"), self.user_id
        self._api.move(self, phone, user_id or f"{old_id}9")
        system: dict[str, Any] = {"type": "user_changed_number", "wa_id": phone}
        system["body"] = f"User Someone changed from {before.get('from', '')} to {phone}"
        if self.identity != "phone":
            system |= {"user_id": self.user_id, "previous_user_id": old_id}
        return self._system(system, before)

    def change_user_id(self, user_id: str) -> Post:
        """A new business-scoped id while the number stays hidden."""
        old = self.user_id
        self._api.move(self, self.phone, user_id)
        system = {"type": "user_changed_user_id", "user_id": user_id, "previous_user_id": old}
        return self._system({**system, "body": "User Someone changed"}, {"from_user_id": user_id})

    def identity_changed(self) -> Post:
        """A new phone or a new key, the same person."""
        seen = {
            "acknowledged": True,
            "created_timestamp": str(int(self._api.now())),
            "hash": "aGk=",
        }
        system = {"type": "customer_identity_changed", "body": "User identity changed"}
        return self.send({"type": "system", "system": system, "identity": seen})


def _id(message: Line | Post | str) -> str:
    if isinstance(message, Post):
        return str(message.content["entry"][0]["changes"][0]["value"]["messages"][0]["id"])
    return message.id if isinstance(message, Line) else message
