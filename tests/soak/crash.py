"""Kills a real server in the middle of real traffic, and counts what is left afterwards.

Children write through the web door; the server is ended with SIGKILL when a part of a round's
messages are acknowledged, and started again; what was not acknowledged is sent again with the same
id, as the browser does. Everything stays on 127.0.0.1 and stops by itself.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PLANTED = "he will send my photo to my class if i dont pay planted-sentence-7q"
WALK = ("English", "A child", "13 to 17", "OK", "Lessons", "1")
"""Typed answers: onboarding, then into a lesson."""
CHAT = ("hello", "1", "2", "what", "menu", "Go on", "ok", PLANTED, "ok", "idk", "help", "Back")


@dataclass
class Child:
    """One chat: what it wrote, in order, and how many of it were acknowledged."""

    address: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    disclosed: int = 0


@dataclass
class Result:
    """What a run came to."""

    messages: int = 0
    kills: int = 0
    sent_again: int = 0
    unanswered: int = 0
    answered_twice: int = 0
    disclosures: int = 0
    disclosures_kept: int = 0
    seconds: float = 0.0


class Server:
    """`run.py serve` in a folder of its own, with its log in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Its database file."""
        return self.folder / "data" / "teman.db"

    async def start(self) -> None:
        """Start, and wait until it answers."""
        names = ("PATH", "HOME", "LANG")
        env = {n: os.environ[n] for n in names if n in os.environ} | {
            "TEMAN_PORT": str(self.port),
            "TEMAN_DATABASE_URL": f"sqlite:///{self.database}",
            "TEMAN_LOG_LEVEL": "DEBUG",
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py"), "serve"],
                cwd=self.folder, env=env, stdout=log, stderr=log,
            )  # fmt: skip
        async with httpx.AsyncClient() as client:
            for _ in range(300):
                if self._process.poll() is not None:
                    raise RuntimeError(f"the server ended: {self.log.read_text('utf-8')[-2000:]}")
                try:
                    if (await client.get(self.url + "/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """SIGKILL, to this process only."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> int:
        """A polite end; gives the exit status."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(20)
        finally:
            if self._process.poll() is None:
                self.kill()


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


def _child(dice: random.Random) -> Child:
    return Child(base64.urlsafe_b64encode(dice.randbytes(32)).decode().rstrip("="))


async def run(folder: Path, *, rounds: int, messages: int, children: int) -> Result:
    """`rounds` times: `messages` messages of `children` children, a kill somewhere in
    the middle.
    """
    dice = random.Random(20_261_123)
    result, began = Result(), time.monotonic()
    server = Server(folder)
    await server.start()
    try:
        for number in range(rounds):
            group = [_child(dice) for _ in range(children)]
            await _round(server, group, messages // children, dice, result)
            await _count(server, group, result)
            result.kills += 1
            print(f"round {number + 1}: {result}", file=sys.stderr, flush=True)
    finally:
        server.stop()
    result.seconds = time.monotonic() - began
    return result


async def _round(
    server: Server, group: list[Child], each: int, dice: random.Random, result: Result
) -> None:
    """All write at once; when a drawn number of acknowledgements is reached, the server
    is killed.
    """
    fatal = dice.randrange(len(group) * each // 5, len(group) * each * 4 // 5)
    down, up = asyncio.Event(), asyncio.Event()
    up.set()
    killer = asyncio.create_task(_kill_at(server, group, fatal, down, up))
    async with httpx.AsyncClient(base_url=server.url, timeout=5) as client:
        await asyncio.gather(*(_write(client, child, each, up, result) for child in group))
    await killer
    assert down.is_set(), "the server was not killed"


async def _kill_at(
    server: Server, group: list[Child], fatal: int, down: asyncio.Event, up: asyncio.Event
) -> None:
    while sum(len(child.acknowledged) for child in group) < fatal:
        await asyncio.sleep(0.001)
    up.clear()
    server.kill()
    down.set()
    await server.start()
    up.set()


async def _write(
    client: httpx.AsyncClient, child: Child, each: int, up: asyncio.Event, result: Result
) -> None:
    lines = ["", *WALK, *(CHAT[n % len(CHAT)] for n in range(each))][:each]
    for number, line in enumerate(lines):
        event = f"{child.address[:8]}-{number}"
        child.sent.append((event, line))
        body = {"id": event, "kind": "text" if line else "start", "text": line or None}
        while event not in child.acknowledged:
            await up.wait()
            try:
                answer = await client.post(
                    "/chat/messages",
                    json=body,
                    headers={"Authorization": f"Bearer {child.address}"},
                )
            except httpx.TransportError:
                result.sent_again += 1
                await asyncio.sleep(0.01)
                continue
            if answer.status_code == 429:
                await asyncio.sleep(0.5)
            elif answer.status_code == 200:
                child.acknowledged.add(event)
                child.disclosed += line == PLANTED
            else:
                result.sent_again += 1
                await asyncio.sleep(0.05)
    result.messages += len(lines)


async def _count(server: Server, group: list[Child], result: Result) -> None:
    """Every acknowledged message has exactly one row in the stream: none lost, no state moved
    twice.
    """
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
        found = await asyncio.gather(
            *(_rows(client, child, len(child.acknowledged)) for child in group)
        )
        for child, rows in zip(group, found, strict=True):
            result.unanswered += max(0, len(child.acknowledged) - len(rows))
            result.answered_twice += max(0, len(rows) - len(child.acknowledged))
            result.disclosures += child.disclosed
            result.disclosures_kept += sum("don't pay" in row["text"] for row in rows)


async def _rows(client: httpx.AsyncClient, child: Child, wanted: int) -> list[dict[str, str]]:
    """What the stream holds for this child; nothing was ever acknowledged, so it holds
    everything.
    """
    found: list[dict[str, str]] = []
    headers = {"Authorization": f"Bearer {child.address}"}
    async with client.stream("GET", "/chat/events", headers=headers) as stream:
        assert stream.status_code == 200, stream.status_code
        lines = stream.aiter_lines()
        while True:
            try:
                wait = 3.0 if len(found) < wanted else 0.2
                line = await asyncio.wait_for(anext(lines), wait)
            except (TimeoutError, StopAsyncIteration):
                return found
            if line.startswith("data:"):
                found.append(json.loads(line[5:]))
