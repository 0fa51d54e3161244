"""The web with the intake's door on a real store, a child at the page, and an intake that calls."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bot.conversation.ids import Ids
from bot.store import deliveries, reports
from bot.web import app as web
from bot.web import intake
from tests.conversation.said import THREAT
from tests.handoff.fake_intake import SECRET, FakeIntake
from tests.web import web_scene
from tests.web.web_scene import Child, Scene


class Door:
    """A scene with the door, and an intake's hand to call it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        scene.app = web.create(scene.host, intake.routes(scene.host, SECRET.encode()))
        self.fake = FakeIntake(lambda: scene.now)
        self._ids = 0

    def id(self) -> str:
        self._ids += 1
        return Ids(self.scene.now, self._ids.to_bytes(16, "big")).take()

    def body(self, **fields: Any) -> dict[str, Any]:
        at = datetime.fromtimestamp(self.scene.now / 1e6, UTC).isoformat()
        return {"id": self.id(), "at": at} | fields

    async def call(
        self, path: str, body: Any, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One signed call; `headers` replace the right ones."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = self.fake.signed(path, raw) if headers is None else headers
        async with self.scene.client() as client:
            return await client.post(path, content=raw, headers=given)

    async def answer(self, case: str, text: str = "we are here", **more: Any) -> httpx.Response:
        body = self.body(text=text, **more)
        return await self.call(f"/intake/reports/{case}/messages", body)

    async def status(self, case: str, status: str, **more: Any) -> httpx.Response:
        return await self.call(f"/intake/reports/{case}/status", self.body(status=status, **more))

    async def told(self) -> tuple[Child, str]:
        """A child whose report the intake has received."""
        child = await Child(self.scene).onboard()
        await child.say(THREAT["en"])
        for choice in ("help", "yes", "only_me", "yes", "yes"):
            await child.tap(choice)
        case = (await self.scene.run(reports.queue))[0].case
        now = self.scene.now
        await self.scene.run(lambda tx: deliveries.claim(tx, now=now + 10**9, limit=9, lease_us=1))
        assert (await self.status(case, "received")).status_code == 202
        return child, case


@asynccontextmanager
async def door(folder: Path) -> AsyncIterator[Door]:
    async with web_scene.door(folder, intake_elsewhere=True) as scene:
        yield Door(scene)
