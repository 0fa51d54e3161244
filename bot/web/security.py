"""The outermost layer: headers on every answer, and no error that leaves without the help lines."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
STATIC_CACHE: Final = "no-cache"
"""Asked for again each time, by its tag: an old script never stands beside a new page."""
STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


FOR_MACHINES: Final = ("/webhooks/",)
"""Below these no browser looks; the busiest doors do without headers that only a browser heeds."""
_RAW: Final = _raw(HEADERS)
_STATIC: Final = _raw(HEADERS | {"Cache-Control": STATIC_CACHE})

OnError = Callable[[Request], Response]


class Shield:
    """ASGI middleware. A header that a route has set itself stays as it is."""

    def __init__(self, app: ASGIApp, *, secure: bool, on_error: OnError) -> None:
        self._app = app
        self._secure = secure
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what it raises ends here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, is_page = False, not scope["path"].startswith(FOR_MACHINES)

        async def shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if is_page:
                    self._protect(scope, message["headers"])
            await send(message)

        try:
            await self._app(scope, receive, shielded)
        except Exception as error:  # noqa: BLE001 - a door must answer, whatever happened
            _tell(error)
            if not started:
                await self._apologise(scope, receive, shielded)

    def _protect(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
        known = {name.lower() for name, _ in headers}
        wanted = _STATIC if scope["path"].startswith("/static/") else _RAW
        headers += [(name, value) for name, value in wanted if name not in known]
        if self._secure and STRICT_TRANSPORT[0] not in known:
            headers.append(STRICT_TRANSPORT)

    async def _apologise(
        self, scope: Scope, receive: Receive, send: Callable[[Message], Awaitable[None]]
    ) -> None:
        response = self._on_error(Request(scope, receive))
        await response(scope, receive, send)


def _tell(error: Exception) -> None:
    """Never the error's own text: it could hold a user's words. The traceback has our source lines
    only.
    """
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("a request raised %s\n%s", type(error).__name__, trace)
