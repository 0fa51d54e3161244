"""The web application: every door in one list, the same shield around all of them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.errors import StoreUnavailable
from bot.host.receive import Host
from bot.web import back, chat, desk, health, pages, trouble
from bot.web.security import Shield
from bot.web.trouble import Refused

RETRY_S = 2


def create(host: Host, more: Sequence[BaseRoute] = ()) -> Starlette:
    """All pages and doors, speaking to that host; `more` are those that not every Teman has."""
    plain = pages.Pages(host)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return trouble.answer(plain, request, error.status, error.reason, wait_s=error.wait_s)

    async def missed(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = trouble.answer(plain, request, error.status_code, error.detail)
        answer.headers.update(error.headers or {})
        return answer

    async def unavailable(request: Request, _: Exception) -> Response:
        return trouble.answer(plain, request, 503, "the store does not answer", wait_s=RETRY_S)

    def broken(request: Request) -> Response:
        return trouble.answer(plain, request, 500, "something went wrong here")

    doors = (pages, chat, back, desk, health)
    return Starlette(
        # The busiest first: webhooks are found without looking at the pages.
        routes=[*more, *(route for door in doors for route in door.routes(host))],
        middleware=[Middleware(Shield, secure=host.house.web_secure, on_error=broken)],
        exception_handlers={
            Refused: refused, HTTPException: missed, StoreUnavailable: unavailable,
        },
    )  # fmt: skip
