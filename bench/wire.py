"""What a request out costs, by what carries it: CPU µs a POST to a server on this machine, beside
plain httpx in the same run.

python bench/wire.py
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import aiohttp
import httpx
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot import wire
from bot.channels.telegram_wire import TelegramWire

BODY = b'{"messaging_product":"whatsapp","to":"1","text":{"body":"%s"}}' % (b"x" * 300)
ANSWER = b'{"ok":true,"result":{"message_id":1},"messages":[{"id":"wamid.abc"}]}'
AT_ONCE = 16
COUNT = 4_000
HEADERS = {"Authorization": "Bearer token", "Content-Type": "application/json"}
Call = Callable[[], Awaitable[object]]


class Answering(asyncio.Protocol):
    """Answers every request alike, at next to no cost."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, only alike.
        self.transport, self.held = cast(asyncio.Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end].lower()
            _, _, after = head.partition(b"content-length: ")
            whole = end + 4 + int(after.split(b"\r\n")[0] or 0)
            if len(self.held) < whole:
                return
            self.held = self.held[whole:]
            line = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            self.transport.write(line % len(ANSWER) + ANSWER)


def serve(port: int) -> None:
    """The other side, in a process of its own."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Answering, "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(run())


async def cost(call: Call) -> float:
    """CPU µs a call, AT_ONCE at a time; the better of two runs."""

    async def some(count: int) -> None:
        for _ in range(count):
            await call()

    runs = []
    await some(100)
    for _ in range(2):
        start = time.process_time()
        await asyncio.gather(*(some(COUNT // AT_ONCE) for _ in range(AT_ONCE)))
        runs.append((time.process_time() - start) / COUNT * 1e6)
    return min(runs)


async def measure(url: str) -> None:
    """Print one line a way."""
    address = httpx.URL(url)
    plain = httpx.AsyncClient(trust_env=False)
    carried = wire.client()
    bare = wire.Wire()
    telegram = TelegramWire(answer_s=10)
    session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def by_aiohttp() -> bytes:
        async with session.post(url, data=BODY, headers=HEADERS) as answer:
            return await answer.read()

    ways: dict[str, Call] = {
        "httpx": lambda: plain.post(url, content=BODY, headers=HEADERS),
        "httpx on httpx-aiohttp": lambda: carried.post(url, content=BODY, headers=HEADERS),
        "its transport alone (WhatsApp)": lambda: bare.post(address, BODY, HEADERS),
        "python-telegram-bot on it (Telegram)": lambda: telegram.call(url, {"text": "x" * 300}),
        "aiohttp": by_aiohttp,
    }
    base = 0.0
    for name, call in ways.items():
        spent = await cost(call)
        base = base or spent
        print(f"{name:<40}{spent:>8.0f} µs   {spent / base:>5.2f} of plain httpx")
    for client in (plain, carried):
        await client.aclose()
    await bare.aclose()
    await telegram.shutdown()
    await session.close()


def main() -> None:
    """Start the other side, measure, end it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    other = multiprocessing.Process(target=serve, args=(port,), daemon=True)
    other.start()
    try:
        time.sleep(0.5)
        uvloop.run(measure(f"http://127.0.0.1:{port}/v25.0/1/messages"))
    finally:
        other.terminate()


if __name__ == "__main__":
    main()
