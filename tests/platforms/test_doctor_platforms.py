"""`doctor` tells whether each step of docs/platforms.md was done, with a step to take for each that
was not.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot import doors
from bot.host import platform_check
from bot.host.doctor import Finding
from bot.settings import Settings
from tests.house.tree import ROOT
from tests.platforms.stage import Stage, given, stage

PAGE = ROOT / "docs" / "platforms.md"


async def telegram(scene: Stage, **changes: object) -> dict[str, Finding]:
    chosen = Settings(_env_file=None, **given(scene) | changes)
    channel = doors.telegram(chosen)
    assert channel is not None
    try:
        return by_name(await platform_check.telegram(channel, doors.outside(chosen)))
    finally:
        await channel.close()


async def whatsapp(scene: Stage, **changes: object) -> dict[str, Finding]:
    chosen = Settings(_env_file=None, **given(scene) | changes)
    channel = doors.whatsapp(chosen)
    assert channel is not None
    try:
        return by_name(await platform_check.whatsapp(channel, doors.outside(chosen)))
    finally:
        await channel.close()


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings}


def red(findings: dict[str, Finding]) -> set[str]:
    return {name for name, finding in findings.items() if not finding.well}


async def test_telegram_is_well_or_says_what_to_do(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        assert red(await telegram(scene)) == set()
        assert red(await telegram(scene, telegram_token="1:wrong")) == {"telegram token"}
        polled = await telegram(scene, telegram_mode="poll")
        assert red(polled) == {"telegram updates"}
        elsewhere = await telegram(scene, public_url="http://127.0.0.1:1")
        assert "step" in elsewhere["telegram updates"].advice


async def test_whatsapp_is_well_or_says_what_to_do(tmp_path: Path) -> None:
    async with stage(tmp_path, "whatsapp") as scene:
        found = await whatsapp(scene)
        assert red(found) == {"whatsapp templates"}
        assert "ms, en, zh_CN, ta" in found["whatsapp templates"].advice
        scene.graph.approve("teman_notice", "ms", "en", "zh_CN", "ta")
        assert red(await whatsapp(scene)) == set()
        scene.graph.subscribed = False
        assert red(await whatsapp(scene)) == {"whatsapp subscription"}
        scene.graph.token_valid = False
        assert "whatsapp number" in red(await whatsapp(scene))
        wrong = await whatsapp(scene, whatsapp_verify_token="another", whatsapp_account_id="")
        assert {"whatsapp webhook", "whatsapp templates"} <= red(wrong)
        secrets = (scene.graph.token, scene.graph.verify_token, scene.graph.secret)
        assert [s for s in secrets if s in str(wrong)] == []


def test_each_step_that_is_named_stands_on_the_page() -> None:
    source = Path(platform_check.__file__).read_text("utf-8")
    named = re.findall(r"\((Telegram|WhatsApp), steps? ([0-9])", source)
    assert len(named) >= 6
    assert [(part, step) for part, step in named if not stands(part, step)] == []


def stands(part: str, step: str) -> bool:
    """Whether docs/platforms.md has that numbered step below that heading."""
    _, _, below = PAGE.read_text("utf-8").partition(f"\n## {part}\n")
    steps, _, _ = below.partition("\n## ")
    return re.search(rf"^{step}\. ", steps, re.MULTILINE) is not None
