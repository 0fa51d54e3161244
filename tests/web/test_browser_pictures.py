"""A staged chat as a picture in a real browser: drawn, whole on every screen, told in words when it
does not come.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.library import pictures
from bot.messages import LANGUAGES
from tests import requirement
from tests.web.site import Site, chromium, shoot, site, visitor
from tests.web.walk import begin, said, tap

SIZES = ((320, 568), (360, 640), (1920, 1080))
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
DRAWN = "image => image.complete && image.naturalWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    requirement.require("raqm", pictures.can_draw())
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as started:
        yield started


def child(language: str, key: str) -> str:
    """A text of a lesson; it has one form only."""
    return said(language, f"lessons.A4.{key}")


def to_the_chat(page: Page, bot: Site, language: str) -> None:
    """To the scene of A4 that shows a staged chat, with a grown-up beside."""
    begin(page, bot, language)
    for key in ("button.child", "button.band_7_9", "button.answer_yes", "button.lessons"):
        tap(page, said(language, key))
    tap(page, child(language, "title"))
    tap(page, child(language, "steps.hook.choices.start.label"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_staged_chat_is_drawn_and_whole_on_every_screen(
    browser: Browser, bot: Site, language: str
) -> None:
    with visitor(browser, viewport={"width": 360, "height": 640}) as (_, page):
        to_the_chat(page, bot, language)
        image = page.locator(".message").last.locator("img.picture")
        expect(image).to_be_visible()
        assert image.evaluate(DRAWN) == pictures.WIDTH
        alt = image.get_attribute("alt") or ""
        assert child(language, "steps.spot.chat.who") in alt
        assert child(language, "steps.spot.chat.lines.a.say") in alt
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            image.scroll_into_view_if_needed()
            shoot(page, f"picture_{language}_{width}")
            assert page.evaluate(SIDEWAYS) <= 0
            box = image.bounding_box()
            assert box
            assert 200 <= box["width"] <= width


def test_a_picture_that_does_not_come_is_told_in_words(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (context, page):
        context.route("**/pictures/**", lambda route: route.abort())
        to_the_chat(page, bot, "ta")
        newest = page.locator(".message").last
        expect(newest.locator("img.picture")).to_have_count(0)
        expect(newest).to_contain_text(child("ta", "steps.spot.chat.lines.a.say"))
