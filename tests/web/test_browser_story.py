"""From the first word of a threat to the answer of a person, also after the browser was closed."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.web.site import Site, chromium, shoot, site, visitor
from tests.web.walk import THREAT, onboard, said, tap, write

PASSWORD = "a long enough password"
ANSWER = "Saya sudah baca. Kamu buat perkara yang betul."
CALLED = re.compile(r"([B-Z2-9]{3}-[B-Z2-9]{3})")


def test_a_child_is_answered_even_after_closing_the_browser(tmp_path: Path) -> None:
    with chromium() as browser, site(tmp_path) as bot:
        bot.command("staff", "add", "Aina", "--languages", "ms,en", said=PASSWORD + "\n")
        reference, words = tells(browser, bot)
        with visitor(browser) as (_, desk):
            answers(desk, bot, reference)
        comes_back(browser, bot, reference, words)
        assert THREAT["ms"] not in bot.log
        assert ANSWER not in bot.log


def tells(browser: Browser, bot: Site) -> tuple[str, list[str]]:
    """The child tells, agrees, and closes the browser; gives what was shown to come back with."""
    with visitor(browser, viewport={"width": 360, "height": 640}, has_touch=True) as (_, page):
        onboard(page, bot, "ms")
        write(page, THREAT["ms"])
        keys = ("care_help", "safe_yes", "only_me", "consent_yes")
        for key in keys:
            tap(page, re.compile("^" + re.escape(said("ms", f"button.{key}")) + "$"))
        told = page.locator(".message").last.locator("p", has_text="/back").inner_text()
        shoot(page, "story_return_words")
    reference = CALLED.search(told)
    assert reference, told
    return reference.group(1), told.rstrip(".").split()[-4:]


def answers(desk: Page, bot: Site, reference: str) -> None:
    """A case worker reads, claims and writes."""
    desk.goto(f"{bot.url}/desk")
    desk.get_by_label("Name").fill("Aina")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name=reference).click()
    expect(desk.locator("main")).to_contain_text(THREAT["ms"])
    desk.get_by_role("button", name="Claim").click()
    desk.locator("#text").fill(ANSWER)
    desk.get_by_role("button", name="Send the answer").click()
    expect(desk.locator("main")).to_contain_text(ANSWER)


def comes_back(browser: Browser, bot: Site, reference: str, words: list[str]) -> None:
    """Another browser, the reference in small letters, all four words in the first field."""
    with visitor(browser, viewport={"width": 360, "height": 640}) as (context, page):
        page.goto(f"{bot.url}/back?lang=ms")
        expect(page).to_have_title(re.compile("Teman · "))
        page.locator("#reference").fill(reference.lower().replace("-", " "))
        page.locator("#word1").fill("bukan ini")
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_have_text(said("ms", "web.back_wrong"))
        shoot(page, "story_back")
        page.locator("#word1").fill(" ".join(words))
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{bot.url}/chat?lang=ms")
        expect(page.get_by_role("log")).to_contain_text(ANSWER)
        shoot(page, "story_answer")
        tap(page, said("ms", "button.write_back"))
        assert context.cookies() == []
