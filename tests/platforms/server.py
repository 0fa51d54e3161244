"""A small HTTP/1.1 server on 127.0.0.1 in a thread of its own, which can also misbehave as real
servers do: say nothing, drop the connection, cut the body, be gone and come back on the same port.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

JSON: Final = "application/json"
HEAD_LIMIT: Final = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """One request, its body read whole. Header names are in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back. `way`: whole, cut (half of the body), drop (the connection is closed without
    a byte) or mute (the connection stays open and silent).
    """

    status: int
    body: bytes
    kind: str = JSON
    way: Literal["whole", "cut", "drop", "mute"] = "whole"


def as_json(status: int, value: object) -> Answer:
    """An answer of JSON."""
    return Answer(status, json.dumps(value).encode())


@dataclass
class Server:
    """Serves `handle` from `start` to `stop`; every connection is closed at the end."""

    handle: Callable[[Request], Awaitable[Answer]]
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(init=False, repr=False)
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)
    _socket: asyncio.Server | None = field(default=None, init=False, repr=False)
    _open: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)
    _chores: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; returns when connections are taken."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="fake platform", daemon=True
        )
        self._thread.start()
        self.run(self._listen())

    def stop(self, *last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Stop listening, close all, run what else is to be closed in this loop, end the thread."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        try:
            self.run(self._deafen())
            self.run(_cancelled(self._chores))
            for close in last:
                self.run(close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def down(self) -> None:
        """Connections are refused from now on, and the open ones are gone."""
        self.run(self._deafen())

    def up(self) -> None:
        """Listen again, on the same port."""
        self.run(self._listen())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's loop and wait for it; from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the server's loop without waiting; it is cancelled at the end."""
        self._loop.call_soon_threadsafe(self._keep, work, self._chores)

    def _keep(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = self._loop.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    async def _listen(self) -> None:
        if self._socket is None:
            self._socket = await asyncio.start_server(
                self._connected, "127.0.0.1", self.port, limit=HEAD_LIMIT, backlog=512
            )
            self.port = self._socket.sockets[0].getsockname()[1]

    async def _deafen(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()
        await _cancelled(self._open)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._talk(reader, writer)
            writer.close()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._open.discard(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = await _read(reader)
            answer = await self.handle(request)
            if answer.way == "mute":
                await reader.read()
            if answer.way in ("mute", "drop"):
                raise ConnectionError("dropped")
            writer.write(_written(answer))
            await writer.drain()
            if answer.way == "cut":
                return


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    waiting = list(tasks)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.sleep(0)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    lines = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    body = await _body(reader, headers)
    return Request(method, unquote(parts.path), query, headers, body)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    whole = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        whole += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return whole


def _written(answer: Answer) -> bytes:
    head = (
        f"HTTP/1.1 {answer.status} {'OK' if answer.status < 400 else 'Refused'}\r\n"
        f"Content-Type: {answer.kind}\r\nContent-Length: {len(answer.body)}\r\n\r\n"
    )
    body = answer.body[: len(answer.body) // 2] if answer.way == "cut" else answer.body
    return head.encode() + body
