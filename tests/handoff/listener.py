"""An address that alarms are posted to: a real listener on loopback that may fail at first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.handoff.fake_intake import free_port


class Listener:
    """`taken` is what arrived; the first `failures` calls are answered with 500."""

    def __init__(self, failures: int = 0) -> None:
        self.taken: list[dict[str, Any]] = []
        self.failures = failures
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/alarm"

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        if self.failures:
            self.failures -= 1
            return Response(status_code=500)
        self.taken.append(json.loads(body))
        return Response(status_code=204)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[Listener]:
        app = Starlette(routes=[Route("/alarm", self._take, methods=["POST"])])
        config = uvicorn.Config(app, port=self.port, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.005)
        try:
            yield self
        finally:
            server.should_exit = True
            await asyncio.wait_for(serving, 10)
