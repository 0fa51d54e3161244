"""The bot as people run it, killed twice between a disclosure and the answer to it."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bot.conversation.ids import Ids
from bot.store.vault import invent_key
from tests.conversation.said import EMERGENCY
from tests.conversation.talk import ROOT, text
from tests.handoff.fake_intake import SECRET, FakeIntake, free_port
from tests.handoff.listener import Listener

PLANTED = "planted-sentence-8w"
PATIENCE_S = 40.0


class Server:
    """`run.py serve` in a folder of its own, with reports that go to the fake intake."""

    def __init__(self, folder: Path, intake_url: str, alarm_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._env = {
            "PATH": os.environ["PATH"], "HOME": str(folder),
            "TEMAN_PORT": str(self.port), "TEMAN_PUBLIC_URL": self.url,
            "TEMAN_DATABASE_URL": f"sqlite:///{folder}/teman.db",
            "TEMAN_SECRET_KEYS": invent_key(), "TEMAN_OPERATOR_NAME": "Rumah Ujian",
            "TEMAN_INTAKE": "webhook", "TEMAN_INTAKE_URL": intake_url,
            "TEMAN_INTAKE_SECRET": SECRET, "TEMAN_ALARM_URL": alarm_url,
            "TEMAN_LOG_LEVEL": "DEBUG",
        }  # fmt: skip

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    async def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py"), "serve"],
                cwd=self.folder, env=self._env, stdout=log, stderr=log,
            )  # fmt: skip
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(800):
                assert self._process.poll() is None, self.log
                try:
                    if (await client.get(f"{self.url}/healthz")).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        raise AssertionError(self.log)

    def end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(30)


class Browser:
    """A child's page: posts, and reads the stream up to the answer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._auth = {"Authorization": f"Bearer {secrets.token_urlsafe(32)}"}
        self._seen = 0
        self.row: dict[str, Any] = {}

    async def act(self, **message: Any) -> str:
        body = {"id": secrets.token_hex(8), "seen": self._seen} | message
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            answer = await client.post(
                f"{self._server.url}/chat/messages", json=body, headers=self._auth
            )
            assert answer.status_code == 200, answer.text
            async with client.stream(
                "GET", f"{self._server.url}/chat/events", headers=self._auth
            ) as rows:
                async for line in rows.aiter_lines():
                    row = json.loads(line[5:]) if line.startswith("data:") else {"seq": 0}
                    if row["seq"] > self._seen:
                        self.row, self._seen = row, row["seq"]
                        return str(row["text"])
        raise AssertionError("the stream ended")

    async def tap(self, choice: str) -> str:
        found = [c["token"] for c in self.row["choices"]]
        (token,) = [token for token in found if token.rpartition(".")[2] == choice]
        return await self.act(kind="tap", token=token)


async def until(what: Callable[[], Any]) -> None:
    """Wait for something outside this process; patience is for a busy machine."""
    ends = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < ends, "it did not happen"
        await asyncio.sleep(0.02)


async def called(fake: FakeIntake, server: Server, path: str, body: dict[str, Any]) -> int:
    raw = json.dumps(body).encode()
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        headers = fake.signed(path, raw)
        return (await client.post(server.url + path, content=raw, headers=headers)).status_code


async def test_from_a_disclosure_to_the_answer_with_two_kills_between(tmp_path: Path) -> None:
    fake = FakeIntake(lambda: time.time_ns() // 1000)
    listener = Listener()
    server = Server(tmp_path, fake.url, listener.url)
    child = Browser(server)
    try:
        async with listener.up():
            await server.start()
            await child.act(kind="start", language="en")
            for choice in ("child", "13-17", "ok"):
                await child.tap(choice)
            await child.act(kind="text", text=f"{EMERGENCY['en']} {PLANTED}")
            for choice in ("help", "yes", "only_me"):
                await child.tap(choice)
            assert "reference is" in await child.tap("yes")
            server.end(signal.SIGKILL)
            assert fake.calls == []
            async with fake.up():
                await server.start()
                await until(lambda: fake.reports)
                server.end(signal.SIGKILL)
                await server.start()
                (report,) = fake.reports.values()
                assert PLANTED in report["words"][0]["text"]
                await _answer(fake, server, child, report["id"])
                await until(lambda: set(fake.called("report")) & {201, 409})
        assert len(fake.reports) == 1
        assert PLANTED not in server.log
        assert "Traceback" not in server.log
        assert listener.taken == []
    finally:
        server.end(signal.SIGTERM)


async def _answer(fake: FakeIntake, server: Server, child: Browser, case: str) -> None:
    now = time.time_ns() // 1000
    said = {"id": Ids(now, secrets.token_bytes(16)).take(), "at": "2026-11-18T10:00:00Z"}
    path = f"/intake/reports/{case}/messages"
    assert await called(fake, server, path, said | {"text": "we are with you"}) == 202
    assert await called(fake, server, path, said | {"text": "we are with you"}) == 409
    shown = await child.act(kind="text", text="open")
    while "we are with you" not in shown:
        shown = await child.act(kind="text", text="open")
    assert text("en", "relay.frame", operator="Rumah Ujian", words="we are with you") in shown
