"""The platforms' own doors: signed or carrying the secret, else refused; acknowledged after the
commit, never before.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.channels import telegram_updates, whatsapp, whatsapp_updates
from bot.channels.whatsapp_updates import Post
from bot.host.arrivals import Arrivals
from bot.host.health import Alarm
from bot.host.receipts import Receipts
from bot.web import posted

log = logging.getLogger(__name__)

WHATSAPP: Final = "/webhooks/whatsapp"
TELEGRAM: Final = "/webhooks/telegram"
BODY_LIMIT: Final = 4_000_000
"""Bytes; Meta posts up to 3 MB."""
REFUSALS: Final = 3
OBJECT: Final = b"whatsapp_business_account"
"""Stands in every POST of Meta's."""
_DONE: Final = Response(status_code=200)
Handler = Callable[[Request], Awaitable[Response]]


class _Door:
    """A handler as a bare application: the busiest addresses do without the framework's wrapping of
    functions. What it raises goes to the application's own handlers.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._handler(Request(scope, receive))
        await response(scope, receive, send)


class WhatsAppDoor:
    """Meta's webhooks for one app."""

    def __init__(
        self,
        arrivals: Arrivals,
        receipts: Receipts,
        *,
        app_secret: str,
        verify_token: str,
        number_id: str,
        alarm: Alarm,
    ) -> None:
        self._arrivals = arrivals
        self._receipts = receipts
        self._secret = app_secret.encode()
        self._verify_token = verify_token.encode()
        self._numbers = {number_id}
        self._alarm = alarm
        self._refused: int | None = 0

    def routes(self) -> list[BaseRoute]:
        """The one address, by GET to verify it and by POST to bring messages."""
        return [
            Route(WHATSAPP, _Door(self.post), methods=["POST"]),
            Route(WHATSAPP, self.verify, methods=["GET"]),
        ]

    async def verify(self, request: Request) -> Response:
        """Meta asks once whether this address is ours."""
        asked = request.query_params
        token = asked.get("hub.verify_token", "").encode()
        known = bool(self._verify_token) and hmac.compare_digest(token, self._verify_token)
        if asked.get("hub.mode") != "subscribe" or not known:
            return PlainTextResponse("refused\n", 403)
        return PlainTextResponse(asked.get("hub.challenge", ""))

    async def post(self, request: Request) -> Response:
        """Everything of one POST, or 503: then Meta brings it again and nothing is done twice."""
        body = await posted.body(request, BODY_LIMIT)
        signature = request.headers.get("x-hub-signature-256", "")
        if not whatsapp.signed_by(self._secret, body, signature):
            self._count_refusal(body)
            return PlainTextResponse("refused\n", 403)
        self._refused = None
        post = whatsapp_updates.read(body)
        self._notice(post)
        left = await self._messages(post)
        await self._receive(post)
        return PlainTextResponse("later\n", 503) if left else _DONE

    async def _messages(self, post: Post) -> Collection[str]:
        """The ids of those that the store could not take. Who writes from a new address is known
        there first.
        """
        if not post.moved:
            return await self._arrivals.take(post.incoming) if post.incoming else ()
        new = {moved.new for moved in post.moved}
        later = [message for message in post.incoming if message.chat in new]
        left = await self._arrivals.take([one for one in post.incoming if one not in later])
        for moved in post.moved:
            await self._arrivals.move(moved.id, moved.old, moved.new)
        return left | await self._arrivals.take(later)

    def _count_refusal(self, body: bytes) -> None:
        """Where not one signature has ever been right, ours is the secret that is wrong: then every
        child's words are refused. Strangers who knock at a door that works ring no bell.
        """
        if self._refused is not None and OBJECT in body:
            self._refused += 1
            if self._refused == REFUSALS:
                self._alarm("whatsapp signatures refused", "TEMAN_WHATSAPP_APP_SECRET")

    def _notice(self, post: Post) -> None:
        """A message to a number that is not ours is answered all the same: a wrong setting must not
        make a child's words vanish.
        """
        if post.unread:
            log.warning("whatsapp: %d parts of a webhook could not be read", post.unread)
        if not post.numbers <= self._numbers:
            self._numbers |= post.numbers
            log.warning("whatsapp: messages come for a number id that is not ours; see doctor")

    async def _receive(self, post: Post) -> None:
        """Nearly all are dropped here: only a failure tells something, or the arrival of a message
        of which nobody knew whether it had gone out.
        """
        for receipt in post.receipts:
            if receipt.status == "failed":
                await self._receipts.lost("whatsapp", receipt.key, whatsapp.failed(receipt.code))
            elif self._receipts.tells(receipt.key):
                await self._receipts.arrived("whatsapp", receipt.key)


class TelegramDoor:
    """Telegram's webhook for one bot."""

    def __init__(self, arrivals: Arrivals, *, secret: str) -> None:
        self._arrivals = arrivals
        self._secret = secret.encode()

    def routes(self) -> list[BaseRoute]:
        """The one address."""
        return [Route(TELEGRAM, _Door(self.post), methods=["POST"])]

    async def post(self, request: Request) -> Response:
        """One update. A tap is confirmed in the answer itself, which saves a call."""
        token = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        if not self._secret or not hmac.compare_digest(token, self._secret):
            return PlainTextResponse("refused\n", 403)
        reading = telegram_updates.read_bytes(await posted.body(request, BODY_LIMIT))
        if reading.incoming and await self._arrivals.take([reading.incoming]):
            return PlainTextResponse("later\n", 503)
        if reading.tap:
            return _confirmed(reading.tap)
        return _DONE


def _confirmed(tap: str) -> Response:
    content = telegram_updates.confirmation(tap)
    return Response(content, media_type="application/json")
