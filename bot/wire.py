"""HTTP out: the one place that chooses what carries httpx's requests.

httpx speaks through aiohttp's connections: a quarter of the CPU of its own (bench/wire.py).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

CONNECTIONS: Final = 160
KEPT_S: Final = 30.0
"""How long an idle connection is kept; platforms close theirs after a minute or more."""
CONNECT_S: Final = 5.0
ANSWER_S: Final = 10.0
_FOREIGN: Final = (aiohttp.ClientError, TimeoutError, OSError)
"""What may come up from below and is none of httpx's own."""
_LEVELS: Final = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.CRITICAL,
    "telegram": logging.CRITICAL + 1,
}


def quiet() -> None:
    """Close the logs that tell more than they may: httpx tells every address at INFO, and that of
    Telegram holds the bot's token; python-telegram-bot tells whole answers, and those may hold
    children's words.
    """
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.level))


class Wire(AiohttpTransport):
    """A transport whose every failure is one of httpx's own. It keeps no cookies, follows no proxy
    of the environment, and never redirects.
    """

    def __init__(self, *, answer_s: float = ANSWER_S) -> None:
        quiet()
        super().__init__(trust_env=False, client=self._session)
        self._whole_s = answer_s + CONNECT_S
        timeout = httpx.Timeout(answer_s, connect=CONNECT_S, pool=answer_s)
        self._extensions = {"timeout": timeout.as_dict()}

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=CONNECTIONS, keepalive_timeout=KEPT_S, ssl=self.ssl_context
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx.TransportError, whatever went wrong on the way."""
        try:
            async with asyncio.timeout(self._whole_s):
                return await super().handle_async_request(request)
        except _FOREIGN as error:
            raise httpx.NetworkError(type(error).__name__, request=request) from error

    async def post(
        self, url: httpx.URL, content: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """One POST; gives status and body. For the hot path: httpx's client around a transport
        costs as much again as the transport itself. Raises httpx.TransportError.
        """
        request = httpx.Request(
            "POST", url, content=content, headers=headers, extensions=self._extensions
        )
        response = await self.handle_async_request(request)
        stream = cast(httpx.AsyncByteStream, response.stream)
        try:
            body = b"".join([chunk async for chunk in stream])
        except _FOREIGN as error:
            raise httpx.NetworkError(type(error).__name__, request=request) from error
        finally:
            await stream.aclose()
        return response.status_code, body


def client(*, answer_s: float = ANSWER_S) -> httpx.AsyncClient:
    """A client for one other side. `answer_s`: seconds it may take to answer."""
    timeout = httpx.Timeout(answer_s, connect=CONNECT_S, pool=answer_s)
    return httpx.AsyncClient(
        transport=Wire(answer_s=answer_s), timeout=timeout, trust_env=False, follow_redirects=False
    )


Client = httpx.AsyncClient
"""What `client` gives, for those it is handed to."""
Address = httpx.URL
"""An address that was taken apart once, for `Wire.post`."""
Broken = httpx.HTTPError
"""Whatever goes wrong on the way to the other side and back."""
