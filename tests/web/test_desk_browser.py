"""The desk in a real browser: by mouse and keyboard, on a phone and wide, without scripts too.

TEMAN_TEST_SHOTS names a folder for screenshots, where somebody wants to look at them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests import requirement
from tests.web.desk_scene import HOUR, MINUTE, PASSWORD, Filed, Scene, desk_of

CHROMIUM: Final = Path("/usr/bin/chromium")
ARGS: Final = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
WIDE: Final[ViewportSize] = {"width": 1280, "height": 860}
ANSWER: Final = "நீங்கள் சொன்னது சரி. நாங்கள் கோபமாக இல்லை."


@asynccontextmanager
async def browser_at(scene: Scene) -> AsyncIterator[tuple[Browser, str]]:
    """A browser, and the address at which the scene is served."""
    requirement.require("browser", CHROMIUM.exists())
    config = uvicorn.Config(scene.app, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=ARGS, headless=True
            )
            # A busy machine is slow, not wrong.
            expect.set_options(timeout=20_000)
            yield browser, f"http://127.0.0.1:{port}"
            await browser.close()
    finally:
        server.should_exit = True
        await serving


async def shoot(page: Page, name: str) -> None:
    """A picture of the whole page, where they are wanted."""
    if folder := os.environ.get("TEMAN_TEST_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def no_sideways(page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url.rpartition('/')[0]} is {wide} pixels too wide"


async def sign_in(page: Page, address: str, name: str) -> None:
    """By keyboard alone: the name field has the focus."""
    await page.goto(f"{address}/desk")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(name)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()


async def night(scene: Scene) -> Filed:
    """A night's queue; returns the emergency in Tamil."""
    await scene.report(
        "他说要把我的照片发给全班", level="urgent", language="zh", channel="whatsapp"
    )
    scene.now += 3 * HOUR
    await scene.report("dia cakap nak pukul saya lagi", level="concern", language="ms")
    scene.now += 20 * MINUTE
    await scene.report("exercise", level="urgent", language="en", drill=True)
    scene.now += 4 * MINUTE
    return await scene.report(
        "அவன் என் படத்தை எல்லோருக்கும் அனுப்புவேன் என்று சொல்கிறான். எனக்கு வாழவே பிடிக்கவில்லை.",
        "avan indha link anuppinaan: https://pay.example/x?id=1",
        level="emergency", contact="this_chat", push=True, device="only_me", safe_now="no",
        where_now="Jalan Ipoh, dekat stesen", where_online="Telegram", state="MY-14",
    )  # fmt: skip


async def test_from_sign_in_to_the_answer(tmp_path: Path) -> None:
    async with desk_of(tmp_path, demo=True) as scene, browser_at(scene) as (browser, address):
        await scene.add("aminah", languages="ms ta")
        filed = await night(scene)
        page = await browser.new_page(viewport=WIDE)
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{address}/desk")
        await shoot(page, "desk_sign_in")
        await sign_in(page, address, "aminah")
        await expect(page.get_by_role("row")).to_have_count(5)
        first = page.get_by_role("row").nth(1)
        await expect(first).to_contain_text(filed.reference)
        await expect(first).to_contain_text("Alarm: look now")
        await shoot(page, "desk_queue")
        await page.get_by_role("link", name=filed.reference).click()
        await expect(page.locator(".said").first).to_have_attribute("lang", "ta")
        assert await page.locator(".said a").count() == 0
        await shoot(page, "desk_report_unclaimed")
        scene.now += MINUTE
        await page.get_by_role("button", name="Claim").click()
        await page.get_by_label("The child reads this in the chat").fill(ANSWER)
        scene.now += MINUTE
        await shoot(page, "desk_report")
        await page.get_by_role("button", name="Send the answer").click()
        await expect(page.get_by_role("status")).to_contain_text("The answer is kept")
        await expect(page.locator(".line.worker .said")).to_have_text(ANSWER)
        await shoot(page, "desk_report_answered")
        assert len(await scene.waiting(filed)) == 1
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert (await scene.row(filed)).taken_by is None
        assert problems == []


async def test_on_a_phone_nothing_is_cut_off(tmp_path: Path) -> None:
    async with desk_of(tmp_path, demo=True) as scene, browser_at(scene) as (browser, address):
        await scene.add("penyelia malam", role="supervisor")
        filed = await night(scene)
        page = await browser.new_page(viewport=PHONE, color_scheme="dark", has_touch=True)
        await page.goto(f"{address}/desk")
        await no_sideways(page)
        await shoot(page, "desk_phone_sign_in")
        await sign_in(page, address, "penyelia malam")
        await no_sideways(page)
        await shoot(page, "desk_phone_queue")
        await page.get_by_role("link", name=filed.reference).tap()
        scene.now += MINUTE
        await page.get_by_role("button", name="Claim").tap()
        await page.get_by_text("Close the report").tap()
        await no_sideways(page)
        await shoot(page, "desk_phone_report")
        small = await page.evaluate(
            "[...document.querySelectorAll('button')].filter(b => b.offsetHeight < 44).length"
        )
        assert small == 0
        await page.get_by_label("Passed to the police").check()
        await page.get_by_role("button", name="Close").tap()
        await expect(page.get_by_role("status")).to_have_text("The report is closed.")
        await page.get_by_role("link", name="Audit").tap()
        await expect(page.get_by_role("cell", name="police")).to_be_visible()
        await no_sideways(page)
        await shoot(page, "desk_phone_audit")


async def test_the_queue_looks_again_by_itself_and_keeps_the_focus(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene, browser_at(scene) as (browser, address):
        await scene.add("aminah")
        quiet = await scene.report("x", level="concern")
        page = await browser.new_page(viewport=WIDE)
        await page.clock.install()
        await sign_in(page, address, "aminah")
        link = page.get_by_role("link", name=quiet.reference)
        await link.focus()
        loud = await scene.report("y", level="emergency")
        await page.clock.run_for(21_000)
        await expect(page.get_by_role("row").nth(1)).to_contain_text(loud.reference)
        await expect(page).to_have_title("(1) Queue – Desk")
        await expect(link).to_be_focused()
        await expect(page.locator("#live")).to_have_text("A report needs somebody now.")
        scene.now += 31 * MINUTE
        await page.clock.run_for(21_000)
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, WIDE])
async def test_without_scripts_everything_is_there(tmp_path: Path, viewport: ViewportSize) -> None:
    async with desk_of(tmp_path) as scene, browser_at(scene) as (browser, address):
        await scene.add("aminah")
        filed = await scene.report("x", level="emergency")
        page = await browser.new_page(viewport=viewport, java_script_enabled=False)
        await page.goto(f"{address}/desk")
        await page.get_by_label("Name").fill("aminah")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        refresh = page.locator("meta[http-equiv=refresh]")
        await expect(refresh).to_have_attribute("content", "20;url=/desk?auto=1")
        await page.get_by_role("link", name=filed.reference).click()
        await page.get_by_role("button", name="Claim").click()
        await page.get_by_label("The child reads this in the chat").fill("hello")
        await page.get_by_role("button", name="Send the answer").click()
        await expect(page.locator(".line.worker .said")).to_have_text("hello")
