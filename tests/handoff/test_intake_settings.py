"""What an operator sets and sees: refused at the start, open or closed, doctor, desk, retry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.errors import SettingsWrong
from bot.host import doctor
from bot.host.facts import HouseFacts, Intake
from bot.library import hours
from bot.settings import Settings
from bot.store import deliveries
from bot.store.database import Tx
from tests.conversation.said import EMERGENCY
from tests.conversation.talk import DAY, SAFE_WORDS
from tests.handoff.post_scene import scene
from tests.host.test_commands_run import run
from tests.web.desk_scene import desk_of

WEBHOOK: dict[str, Any] = {
    "intake": "webhook", "intake_url": "http://127.0.0.1:9/v1/", "intake_secret": "s",
    "secret_keys": "k:" + "A" * 43 + "=",
}  # fmt: skip


def settings(folder: Path, **changes: Any) -> Settings:
    given = WEBHOOK | {"database_url": f"sqlite:///{folder}/teman.db"} | changes
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"intake_url": ""}, "TEMAN_INTAKE_URL"),
        ({"intake_url": "intake.example"}, "TEMAN_INTAKE_URL"),
        ({"intake_url": "https://[::1"}, "TEMAN_INTAKE_URL"),
        ({"intake_secret": ""}, "TEMAN_INTAKE_SECRET"),
        ({"intake": "primero"}, "TEMAN_INTAKE"),
        ({"intake": "email"}, "TEMAN_INTAKE"),
        ({"alarm_url": "ftp://x"}, "TEMAN_ALARM_URL"),
    ],
)
def test_what_cannot_work_stops_the_start(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(SettingsWrong, match=named):
        app.build(settings(tmp_path, **changes))
    assert not (tmp_path / "teman.db").exists()


async def test_an_intake_elsewhere_is_wired(tmp_path: Path) -> None:
    teman = app.build(settings(tmp_path))
    try:
        paths = {getattr(route, "path", "") for route in teman.web.routes}
        assert {"/intake/reports/{id}/messages", "/intake/reports/{id}/status", "/metrics"} <= paths
        assert teman.host.house.intake_elsewhere
    finally:
        await teman.stop()


@pytest.mark.parametrize(
    ("changes", "drills"),
    [
        ({}, False),
        ({"intake_url": "https://intake.example"}, True),
        ({"intake_url": "https://intake.example", "telegram_token": "1:a"}, False),
        ({"intake": "desk"}, False),
    ],
)
def test_a_demo_sends_drills_to_strangers(
    tmp_path: Path, changes: dict[str, Any], drills: bool
) -> None:
    assert app.facts(settings(tmp_path, **changes)).drills_only is drills


async def test_a_real_intake_is_open_while_a_drill_arrived_within_14_days(tmp_path: Path) -> None:
    facts = HouseFacts(
        "Rumah Ujian", SAFE_WORDS, demo=False, intake_elsewhere=True, desk_hours=hours.parse("24h")
    )
    async with scene(tmp_path, drills_only=True) as post, post.fake.up():

        async def is_open(**changes: Any) -> bool:
            given = HouseFacts(**{name: getattr(facts, name) for name in facts.__struct_fields__}
                               | changes)  # fmt: skip
            now = post.house.clock()
            return await post.house.store.run(lambda tx: Intake(given).open(tx, now))

        assert not await is_open()
        await post.tell("a", EMERGENCY["en"])
        assert not await is_open(), "handed over is not received"
        await post.deliver()
        assert await is_open()
        assert not await is_open(desk_hours=None)
        assert await is_open(demo=True)
        post.house.clock.move(14 * DAY + 60_000_000)
        assert not await is_open()


async def test_the_doctor_sees_what_waits_and_what_was_refused(tmp_path: Path) -> None:
    async with scene(tmp_path) as post:

        async def found(what: str) -> doctor.Finding:
            now = post.house.clock()
            all_of = await doctor.examine(post.house.store, post.house.host.house, now=now)
            return next(finding for finding in all_of if finding.what == what)

        assert (await found("deliveries")).well
        assert (await found("staff")).well, "its people are elsewhere"
        await post.tell("a", EMERGENCY["en"])
        await post.deliver()
        assert (await found("deliveries")).well
        await post.later(DAY)
        assert "1 waiting, 0 refused" in (await found("deliveries")).advice
        assert not (await found("deliveries")).well
        async with post.fake.up():
            post.fake.always = 401
            await post.later()
        reference = (await post.house.store.run(deliveries.stuck))[0].reference
        assert f"reports retry {reference}" in (await found("deliveries")).advice
        assert not (await doctor.reach(post.fake.url, local=True)).well
        async with post.fake.up():
            assert (await doctor.reach(post.fake.url, local=True)).well
            assert "unencrypted" in (await doctor.reach(post.fake.url, local=False)).advice


async def test_the_desk_shows_what_was_refused(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        filed = await scene.report("planted-sentence-3r")
        now = scene.now

        def refused(tx: Tx) -> None:
            deliveries.add_report(tx, filed.case, now=now, due_at=now)
            deliveries.park(tx, filed.case, reason="422")

        await scene.run(refused)
        page = (await (await scene.worker()).get("/desk")).text
    assert "the intake did not take the report" in page
    assert "it found the content not valid (422)" in page
    assert f"run.py reports retry {filed.reference}" in page
    assert "planted" not in page


def test_retry_says_what_it_found(tmp_path: Path) -> None:
    status, _, err = run(tmp_path, "reports", "retry", "BBB-BBB")
    assert status == 1
    assert "no report BBB-BBB" in err
