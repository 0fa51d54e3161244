"""The chat page and its protocol: messages in by POST, rows out as a stream; no cookie, no address
in a URL.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.conversation import commands
from bot.errors import StoreUnavailable
from bot.host import pace
from bot.host.receive import Host
from bot.messages import LANGUAGES, Chat, Language, clean
from bot.store import chats, outbox
from bot.store.database import Tx
from bot.texts import LIFELINE
from bot.web import pages, posted, stream
from bot.web.trouble import Refused

PER_CHAT: Final = (60, 10)
PER_CLIENT: Final = (1200, 10)
"""Messages within seconds. A class of 35 behind one address stays far below."""
STREAM_HEADERS: Final = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
PAGE_WORDS: Final = (
    "title", "leave", "send", "write", "you", "messages", "choose", "danger", "talk", "unsent",
    "offline", "refused",
)  # fmt: skip
HELP_WORDS: Final[dict[Language, str]] = {
    language: words[0]
    for command in commands.TABLE
    if command.name == "help"
    for language, words in command.words.items()
}
"""What the Help button says in each language: the words work where everything else is broken."""


def routes(host: Host) -> list[BaseRoute]:
    """The page, its messages and its stream."""
    chat = Chats(host)
    return [
        Route("/chat", chat.page),
        Route("/chat/messages", chat.message, methods=["POST"]),
        Route("/chat/seen", chat.seen, methods=["POST"]),
        Route("/chat/events", chat.events),
    ]


class Chats:
    """The handlers, with the host they speak to."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._pages = pages.Pages(host)
        self._streams = stream.Streams(host)
        self._per_chat = pace.Pace(*PER_CHAT)
        self._per_client = pace.Pace(*PER_CLIENT)

    async def page(self, request: Request) -> Response:
        """The chat page; `lang` in its address is the language somebody chose on the start page."""
        chosen = pages.hint(request.query_params.get("lang"))
        words = {language: self._words(language) for language in LANGUAGES}
        language = pages.language_of(request)
        return self._pages.show("chat.html", language, words=words, chosen=chosen or "")

    def _words(self, language: Language) -> dict[str, str]:
        """What the page says by itself, in every language: the chat may change its language."""
        said = {name: self._pages.word(language, f"web.{name}") for name in PAGE_WORDS}
        return said | {
            "demo": self._pages.word(language, "welcome.demo"),
            "help": self._pages.word(language, "button.help"),
            "help_word": HELP_WORDS[language],
            "lifeline": LIFELINE[language],
        }

    async def message(self, request: Request) -> Response:
        """Take one message. 200 comes after the commit, so what was answered is on disk."""
        chat = posted.chat_of(request)
        sent = await posted.read(request, posted.Posted)
        if not self._is_urgent(sent):
            self._keep_pace(request, chat, sent.id)
        # Before the turn: what the page has shown can't be what this message will bring.
        await self._acknowledge(chat, sent.seen or 0)
        await self._host.receive(posted.incoming(chat, sent))
        return JSONResponse({"ok": True})

    def _is_urgent(self, sent: posted.Posted) -> bool:
        """Help and hide are never slowed down."""
        heard = commands.find(clean(sent.text or ""), self._host.house.safe_words)
        return sent.kind == "hide" or (heard is not None and heard.name in ("help", "hide"))

    def _keep_pace(self, request: Request, chat: Chat, what: str) -> None:
        now = self._host.clock()
        client = pace.client(request.client.host if request.client else None)
        allowed = client is None or self._per_client.allows(client, now)
        if not allowed or not self._per_chat.allows(chat.address, now, what=what):
            raise Refused(429, "too many messages at once", wait_s=self._per_chat.window_s // 2)

    async def seen(self, request: Request) -> Response:
        """The page has shown rows: they are done."""
        chat = posted.chat_of(request)
        shown = await posted.read(request, posted.Seen)
        await self._acknowledge(chat, shown.seq)
        return JSONResponse({"ok": True})

    async def _acknowledge(self, chat: Chat, upto: int) -> None:
        """A row that could not be ticked off is shown again; a message must not fail for it."""
        if not upto:
            return
        now = self._host.clock()

        def tick(tx: Tx) -> None:
            chat_id = chats.find(tx, chat)
            if chat_id is not None:
                outbox.acknowledge(tx, chat_id, upto=upto, now=now)

        try:
            await self._host.store.run(tick)
        except StoreUnavailable:
            return

    async def events(self, request: Request) -> Response:
        """The stream. `Last-Event-ID` tells what was shown before the connection broke."""
        chat = posted.chat_of(request)
        shown = _number(request.headers.get("last-event-id", ""))
        chat_id = await stream.begin(self._host, chat, shown)
        if chat_id is None:
            raise Refused(404, "no chat stands here yet: post a start first")
        if self._streams.full(chat_id):
            raise Refused(429, "too many streams of one chat", wait_s=30)
        return StreamingResponse(
            self._streams.events(chat, chat_id, shown),
            media_type="text/event-stream",
            headers=STREAM_HEADERS,
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
