"""A person with Telegram on their phone, as the bot meets them: what they do becomes a true update.

Deeds return the update's Post at once; `person.screen` is what they see, `await
person.wait_for(1)` waits for one answer since the last deed, `person.wait` does so without a loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tests.platforms.postman import Post
from tests.platforms.screen import PATIENCE_S, Line, Screen

if TYPE_CHECKING:
    from tests.platforms.bot_api import BotApi

OLD_S: Final = 48 * 3600.0
FILE: Final = {"file_id": "never-to-be-fetched", "file_unique_id": "never", "file_size": 2048}
MEDIA: Final[dict[str, Any]] = {
    "photo": [{**FILE, "width": 90, "height": 60}, {**FILE, "width": 800, "height": 533}],
    "voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"},
    "audio": {**FILE, "duration": 30, "mime_type": "audio/mpeg", "title": "A song"},
    "video": {**FILE, "duration": 4, "width": 640, "height": 360, "mime_type": "video/mp4"},
    "video_note": {**FILE, "duration": 4, "length": 240},
    "document": {**FILE, "file_name": "homework.pdf", "mime_type": "application/pdf"},
    "sticker": {**FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False,
                "is_video": False, "emoji": "👍"},
    "location": {"latitude": 3.139, "longitude": 101.6869},
    "contact": {"phone_number": "+60111110000", "first_name": "A friend"},
    "dice": {"emoji": "🎲", "value": 4},
}  # fmt: skip


class Person:
    """One user. `known`: has written to the bot before, so that it may send. `lines`: all messages
    of the chat; `messages`: the bot's, as the platform would give them; `actions`: chat actions.
    """

    def __init__(self, api: BotApi, id: int, language: str | None) -> None:
        self._api = api
        self.id = id
        self.language = language
        self.known = False
        self.blocked = False
        self.lines = Screen(api.bell)
        self.messages: dict[str, dict[str, Any]] = {}
        self.actions: list[str] = []

    @property
    def user(self) -> dict[str, Any]:
        """As `from` of an update."""
        said = {"language_code": self.language} if self.language else {}
        return {"id": self.id, "is_bot": False, "first_name": "Someone", **said}

    @property
    def chat(self) -> dict[str, Any]:
        """As `chat` of a message."""
        return {"id": self.id, "first_name": "Someone", "type": "private"}

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

    def receive(self, line: Line, message: dict[str, Any]) -> None:
        """The bot's message arrives."""
        self.messages[line.id] = message
        self.lines.add(line)

    def write(self, text: str, **more: Any) -> Post:
        """Type and send. Commands are marked as such."""
        words = text.split(maxsplit=1)
        if words and words[0].startswith("/") and len(words[0]) > 1:
            entity = {"offset": 0, "length": len(words[0]), "type": "bot_command"}
            more.setdefault("entities", [entity])
        return self._say({"text": text, **more}, text)

    def start(self, payload: str = "") -> Post:
        """Open the chat, by a link that may carry something."""
        return self.write(f"/start {payload}".strip())

    def send(self, kind: str, caption: str = "", **more: Any) -> Post:
        """Send anything that MEDIA knows."""
        said = {"caption": caption} if caption else {}
        return self._say({kind: MEDIA[kind], **said, **more}, caption, kind)

    def send_photo(self, caption: str = "") -> Post:
        """A picture; it must never be fetched."""
        return self.send("photo", caption)

    def voice(self) -> Post:
        """A voice message."""
        return self.send("voice")

    def sticker(self) -> Post:
        """A sticker."""
        return self.send("sticker")

    def location(self) -> Post:
        """Where they are."""
        return self.send("location")

    def contact(self) -> Post:
        """Somebody's number."""
        return self.send("contact")

    def _say(self, content: dict[str, Any], text: str, kind: str = "text") -> Post:
        with self._api.bell.lock:
            self.known, self.blocked = True, False
            message = self._headed(next(self._api.message_ids), content)
            id = str(message["message_id"])
            self.messages[id] = message
            self.lines.add(Line(id, text, mine=True, at=self._api.now(), kind=kind))
            return self._update("message", message)

    def _headed(self, id: int, content: dict[str, Any]) -> dict[str, Any]:
        date = int(self._api.now())
        return {"message_id": id, "from": self.user, "chat": self.chat, "date": date, **content}

    def _update(self, kind: str, content: dict[str, Any]) -> Post:
        post = self._api.updates.add(kind, content, str(self.id))
        return post or Post({kind: content}, str(self.id), given_up=True)

    def edit(self, message: Line | Post, text: str) -> Post:
        """Rewrite what was written before."""
        id = message.id if isinstance(message, Line) else message_id(message)
        with self._api.bell.lock:
            self.lines.change(id, text=text, edited=True)
            self.lines.mark()
            edited = {**self.messages[id], "text": text, "edit_date": int(self._api.now())}
            self.messages[id] = edited
            return self._update("edited_message", edited)

    def delete(self, message: Line) -> None:
        """Take a message off the screen; the bot is not told."""
        self.lines.change(message.id, deleted=True)

    def tap(self, what: str, *, forged: bool = False) -> Post:
        """Tap the newest button with this label or token. A message that is gone or too old comes
        as inaccessible. `forged`: a token that no button has, from a client of somebody's own.
        """
        with self._api.bell.lock:
            if forged:
                return self._tapped({"message_id": 1, "chat": self.chat, "date": 0}, what)
            line, button = self.lines.button(what)
            message = self.messages[line.id]
            if line.deleted or self._api.now() - line.at >= OLD_S:
                message = {"message_id": message["message_id"], "chat": self.chat, "date": 0}
            return self._tapped(message, button.token)

    def _tapped(self, message: dict[str, Any], token: str) -> Post:
        self.lines.mark()
        query: dict[str, Any] = {
            "id": str((self.id % (1 << 32) << 30) + len(self._api.queries) + 1),
            "from": self.user,
            "message": message,
            "chat_instance": str(self.id * 7),
            "data": token,
        }
        self._api.queries[query["id"]] = None
        return self._update("callback_query", query)

    def block(self) -> Post:
        """Stop the bot."""
        self.blocked = True
        return self._member("member", "kicked")

    def unblock(self) -> Post:
        """Let it write again."""
        self.known, self.blocked = True, False
        return self._member("kicked", "member")

    def _member(self, before: str, after: str) -> Post:
        with self._api.bell.lock:
            self.lines.mark()
            bot = self._api.me
            content = {"from": self.user, "chat": self.chat, "date": int(self._api.now())}
            for name, status in (("old_chat_member", before), ("new_chat_member", after)):
                until = {"until_date": 0} if status == "kicked" else {}
                content[name] = {"user": bot, "status": status, **until}
            return self._update("my_chat_member", content)

    def raw(self, kind: str, content: dict[str, Any]) -> Post:
        """Any update at all, from a recorded sample or of a kind that does not exist yet."""
        return self._update(kind, content)


def message_id(post: Post) -> str:
    """What the message of an update is called."""
    for content in post.content.values():
        if isinstance(content, dict) and "message_id" in content:
            return str(content["message_id"])
    raise AssertionError("this update holds no message")
