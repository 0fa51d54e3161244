"""An intake on loopback that keeps to the contract, and goes wrong as it is told. It checks what it
is sent by itself: nothing of the bot's own code is used for that.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import jsonschema
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text("utf-8"))
VALID = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
SECRET = "what both sides know"
LOST = "stored, then 500"
NEVER = "no answer"


class FakeIntake:
    """`next` holds, for each kind of call, what happens instead of the normal answer: a status, a
    status with headers, LOST or NEVER; used up one by one. `always` is the same for every call.
    """

    def __init__(self, clock: Callable[[], int], secret: str = SECRET, prefix: str = "") -> None:
        self.clock = clock
        self.secret = secret
        self.prefix = prefix
        self.next: defaultdict[str, list[Any]] = defaultdict(list)
        self.always: Any = None
        self.reports: dict[str, dict[str, Any]] = {}
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.withdrawn: list[str] = []
        self.read: set[str] = set()
        self.order: list[str] = []
        self.calls: list[tuple[str, int]] = []
        self.port = free_port()
        self.app = Starlette(routes=[Route("/{path:path}", self._call, methods=["POST", "GET"])])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    @property
    def texts(self) -> list[str]:
        return [body["text"] for _, body in self.messages]

    def called(self, kind: str) -> list[int]:
        """The statuses that calls of a kind were answered with."""
        return [status for name, status in self.calls if name == kind]

    def signed(self, path: str, body: bytes, *, now_s: int | None = None) -> dict[str, str]:
        """Headers of a call to the bot."""
        stamp = str(self.clock() // 1_000_000 if now_s is None else now_s)
        said = f"{stamp}.POST.{path}.".encode() + body
        mac = hmac.new(self.secret.encode(), said, hashlib.sha256).hexdigest()
        return {
            "X-Teman-Timestamp": stamp,
            "X-Teman-Signature": f"sha256={mac}",
            "Content-Type": "application/json",
        }

    async def _call(self, request: Request) -> Response:
        body = await request.body()
        path = request.url.path
        kind = _kind(path.removeprefix(self.prefix))
        planned = self.next[kind].pop(0) if self.next[kind] else self.always
        if planned == NEVER:
            await asyncio.sleep(3600)
        if planned is not None and planned != LOST:
            status, headers = planned if isinstance(planned, tuple) else (planned, {})
            return self._answer(kind, status, headers)
        status = self._handle(kind, path, body, request)
        return self._answer(kind, 500 if planned == LOST else status, {})

    def _answer(self, kind: str, status: int, headers: dict[str, str]) -> Response:
        self.calls.append((kind, status))
        said = {"reference": "ours-1"} if status == 201 else {}
        return JSONResponse(said, status, headers)

    def _handle(self, kind: str, path: str, body: bytes, request: Request) -> int:
        if not self._fits(path, body, request):
            return 401
        said = json.loads(body)
        if kind == "report":
            return self._take_report(said, request)
        case = path.split("/")[-2]
        return self._take_message(case, said) if kind == "message" else self._withdraw(case)

    def _fits(self, path: str, body: bytes, request: Request) -> bool:
        stamp = request.headers.get("x-teman-timestamp", "")
        said = f"{stamp}.{request.method}.{path}.".encode() + body
        mac = hmac.new(self.secret.encode(), said, hashlib.sha256).hexdigest()
        fresh = abs(int(stamp or 0) - self.clock() // 1_000_000) <= 300
        return fresh and request.headers.get("x-teman-signature") == f"sha256={mac}"

    def _take_report(self, said: dict[str, Any], request: Request) -> int:
        if not VALID.is_valid(said) or request.headers["idempotency-key"] != said["id"]:
            return 422
        if said["id"] in self.reports:
            return 409
        self.reports[said["id"]] = said
        self.order.append(said["id"])
        return 201

    def _take_message(self, case: str, said: dict[str, Any]) -> int:
        if case not in self.reports:
            return 404
        if case in self.withdrawn:
            return 410
        if any(said["id"] == body["id"] for _, body in self.messages):
            return 409
        assert len(said["text"]) <= 4096
        self.messages.append((case, said))
        self.order.append(said["id"])
        return 202

    def _withdraw(self, case: str) -> int:
        if case not in self.reports:
            return 404
        if case in self.read:
            return 423
        self.withdrawn.append(case)
        return 200

    @asynccontextmanager
    async def up(self) -> AsyncIterator[FakeIntake]:
        """The server runs; before and after it the port refuses connections."""
        config = uvicorn.Config(
            self.app, port=self.port, lifespan="off", log_config=None, access_log=False,
            timeout_graceful_shutdown=0,
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.005)
        try:
            yield self
        finally:
            server.should_exit = True
            server.force_exit = True
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(serving, 10)


def _kind(path: str) -> str:
    if path == "/reports":
        return "report"
    return {"messages": "message", "withdraw": "withdraw"}.get(path.rpartition("/")[2], "other")


@asynccontextmanager
async def half_open(port: int) -> AsyncIterator[None]:
    """Something that takes connections and never says a word."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port
