"""Is the server well? For whoever watches it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import StoreUnavailable
from bot.host.receive import Host
from bot.messages import LANGUAGES
from bot.store import database

ANSWER_S: Final = 2.0
"""A store that takes longer is as good as none."""


def routes(host: Host) -> list[BaseRoute]:
    """`/healthz` and `/readyz`."""

    async def alive(_: Request) -> Response:
        well = await _in_time(host.store.run(lambda tx: None))
        return PlainTextResponse("ok\n" if well else "the store does not answer\n", _status(well))

    async def ready(_: Request) -> Response:
        checks = {
            "serving": not host.bells.closed,
            "store": await _in_time(database.check(host.store)),
            "texts": all(host.library.texts.keys(language) for language in LANGUAGES),
            "lessons": bool(host.library.lessons),
        }
        well = all(checks.values())
        shown = {"ready": well, "demo": host.house.demo, "checks": checks}
        return JSONResponse(shown, _status(well))

    return [Route("/healthz", alive), Route("/readyz", ready)]


async def _in_time(answer: Awaitable[object]) -> bool:
    try:
        await asyncio.wait_for(answer, ANSWER_S)
    except (StoreUnavailable, TimeoutError):
        return False
    return True


def _status(well: bool) -> int:
    return 200 if well else 503
