"""The metrics page: for this machine and for whoever has the token; for others it is not there."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.host.alarms import Alarms
from bot.web import app as web
from bot.web import metrics
from tests.conversation.said import THREAT
from tests.web import web_scene
from tests.web.web_scene import Child, Scene

TOKEN = "a token for numbers"


def opened(scene: Scene, token: str = TOKEN) -> None:
    alarms = Alarms(clock=scene.host.clock)
    alarms.counts["report refused"] = 2
    scene.app = web.create(scene.host, metrics.routes(scene.host, alarms, token))


async def asked(scene: Scene, client: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(scene.app, client=(client, 1))
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://teman.test") as browser:
        return await browser.get("/metrics", headers=given)


async def test_the_numbers_and_no_word(tmp_path: Path) -> None:
    async with web_scene.door(tmp_path, intake_elsewhere=True) as scene:
        opened(scene)
        child = await Child(scene).onboard()
        await child.say(f"{THREAT['en']} planted-sentence-6v")
        for choice in ("help", "yes", "only_me", "yes"):
            await child.tap(choice)
        answer = await asked(scene, "127.0.0.1")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        for line in (
            'teman_open_reports{urgency="urgent"} 1.0',
            'teman_deliveries{kind="report",state="waiting"} 1.0',
            'teman_alarms_total{kind="report refused"} 2.0',
            "teman_emergencies_not_received 0.0",
            "teman_incidents 0.0",
        ):
            assert line in answer.text.splitlines(), line
        assert 'teman_outbox_rows{channel="web"' in answer.text
        assert "planted" not in answer.text
        assert child.token not in answer.text


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x_real_ip", "via"])
async def test_behind_a_proxy_this_machine_is_nobody(tmp_path: Path, header: str) -> None:
    async with web_scene.door(tmp_path) as scene:
        opened(scene)
        assert (await asked(scene, "127.0.0.1", **{header: "203.0.113.7"})).status_code == 404
        right = {header: "203.0.113.7", "authorization": f"Bearer {TOKEN}"}
        assert (await asked(scene, "127.0.0.1", **right)).status_code == 200


async def test_strangers_find_nothing(tmp_path: Path) -> None:
    async with web_scene.door(tmp_path) as scene:
        opened(scene)
        for given in ("", "Bearer", "Bearer x", f"Basic {TOKEN}"):
            answer = await asked(scene, "203.0.113.7", authorization=given)
            assert answer.status_code == 404, given
        assert (await asked(scene, "203.0.113.7", authorization=f"bearer {TOKEN}")).is_success
        assert (await asked(scene, "::1")).is_success
        opened(scene, token="")
        for given in ("Bearer ", "Bearer"):
            assert (await asked(scene, "203.0.113.7", authorization=given)).status_code == 404
