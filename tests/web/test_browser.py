"""The web chat in a real browser, before the bot as people run it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.messages import LANGUAGES
from tests.web.site import ELSEWHERE, Site, chromium, shoot, site, visitor
from tests.web.walk import THREAT, begin, onboard, said, tap, write

SIZES = ((320, 568), (360, 640), (1920, 1080))
NO_SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as started:
        yield started


# -- the ways through


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_threat_is_answered_with_what_to_do_now_on_every_screen(
    browser: Browser, bot: Site, language: str
) -> None:
    with visitor(browser, viewport={"width": 360, "height": 640}, has_touch=True) as (_, page):
        page.goto(bot.url)
        page.get_by_role("link", name=said(language, "language.name")).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_title(re.compile("^Teman · "))
        expect(page.locator("#send")).to_have_text(said(language, "web.send"))
        for key in ("button.child", "button.band_13_17", "button.ok"):
            tap(page, said(language, key))
        write(page, THREAT[language])
        newest = page.locator(".message").last
        expect(newest).to_contain_text(said(language, "care.threat_now"))
        shoot(page, f"threat_{language}")
        page.locator("#help").click()
        expect(newest.locator("a[href='tel:15999']").first).to_be_visible()
        expect(newest).to_have_attribute("lang", language)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            shoot(page, f"help_{language}_{width}")
            fits(page, width, height)


def test_the_whole_way_by_keyboard(browser: Browser, bot: Site) -> None:
    with visitor(browser, viewport={"width": 1280, "height": 800}) as (_, page):
        page.goto(bot.url)
        english = page.get_by_role("link", name="English")
        for _ in range(20):
            page.keyboard.press("Tab")
            if english.evaluate("link => link === document.activeElement"):
                break
        page.keyboard.press("Enter")
        for label in ("A child", "7 to 9"):
            expect(page.locator(".choice:focus")).to_have_count(1)
            while page.locator(".choice:focus").inner_text() != label:
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            expect(page.locator(".choice[aria-pressed]").last).to_have_text(label)
        expect(page.locator(".choice:focus")).to_have_text("Yes")
        ring = page.locator(".choice:focus").evaluate("e => getComputedStyle(e).outlineStyle")
        assert ring == "solid", "the focus can be seen"
        page.keyboard.press("Enter")
        expect(page.locator(".choice:focus")).to_have_text("Lessons")
        while page.evaluate("document.activeElement.id") != "box":
            page.keyboard.press("Tab")
        page.keyboard.type("help")
        page.keyboard.press("Enter")
        expect(page.locator(".message").last).to_contain_text("15999")
        expect(page.locator(".choice:focus")).to_have_count(1)


def test_a_choice_already_answered_cannot_be_tapped_again(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        begin(page, bot)
        tap(page, "A child")
        first = page.locator(".choices").first.locator("button")
        assert first.count() == 3
        assert all(first.nth(n).is_disabled() for n in range(3))


def test_somebody_who_is_writing_is_not_interrupted(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        onboard(page, bot)
        page.locator("#box").click()
        page.keyboard.type("one")
        page.keyboard.press("Enter")
        page.keyboard.type("and while I wr")
        expect(page.locator(".message").last.locator(".choice").first).to_be_visible()
        page.keyboard.type("ite")
        expect(page.locator("#box")).to_have_value("and while I write")


def test_a_reload_goes_on_where_the_talk_is(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        onboard(page, bot)
        page.reload()
        expect(page.locator(".choice:enabled", has_text="Lessons")).to_be_visible()


def test_two_tabs_of_one_talk(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (context, page):
        onboard(page, bot)
        token = page.evaluate("sessionStorage.getItem('teman')")
        keep = f"sessionStorage.setItem('teman', {json.dumps(token)})"
        context.add_init_script(f"if (location.protocol === 'http:') {keep}")
        other = context.new_page()
        other.goto(f"{bot.url}/chat")
        expect(other.locator(".choice:enabled", has_text="Lessons")).to_be_visible()
        write(other, "help")
        expect(page.locator(".message").last).to_contain_text("15999")


# -- leaving


@pytest.mark.parametrize("way", ["click", "escape"])
def test_leaving_quickly_does_not_wait_for_the_server(
    browser: Browser, bot: Site, way: str
) -> None:
    with visitor(browser) as (_, page):
        page.goto(bot.url)
        onboard(page, bot)
        write(page, THREAT["en"])
        expect(page.locator(".message").last).to_contain_text("don't pay")
        token = page.evaluate("sessionStorage.getItem('teman')")
        with bot.frozen():
            if way == "click":
                page.locator("#leave").click(no_wait_after=True)
            else:
                page.keyboard.press("Escape")
                page.keyboard.press("Escape")
            expect(page.locator("body")).to_have_text(ELSEWHERE, timeout=5000)
        page.go_back()
        expect(page).to_have_url(f"{bot.url}/")
        assert "don't pay" not in page.content()
        assert page.evaluate("sessionStorage.length") == 0
        assert wiped(bot, token), "the server was told, without being waited for"


def wiped(bot: Site, token: str) -> bool:
    """Whether what waits for that chat begins by wiping the screen."""
    headers = {"Authorization": f"Bearer {token}"}
    with (
        httpx.Client(trust_env=False, timeout=20) as client,
        client.stream("GET", f"{bot.url}/chat/events", headers=headers) as answer,
    ):
        for line in answer.iter_lines():
            if line.startswith("data: "):
                return bool(json.loads(line.removeprefix("data: "))["wipe"])
    return False


def test_the_screen_is_empty_before_the_way_out_is_loaded(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        onboard(page, bot)
        page.evaluate(
            """() => new MutationObserver(() => console.log("left", JSON.stringify(
                 [document.body.innerText, document.title, sessionStorage.length, location.pathname]
               ))).observe(document.body, {childList: true})"""
        )
        with page.expect_console_message(lambda line: line.text.startswith("left")) as line:
            page.locator("#leave").click()
        assert json.loads(line.value.text.removeprefix("left ")) == ["", "", 0, "/"]
        expect(page.locator("body")).to_have_text(ELSEWHERE)


def test_one_escape_does_nothing(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        begin(page, bot)
        page.keyboard.press("Escape")
        page.wait_for_timeout(2500)
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
        assert page.url.startswith(f"{bot.url}/chat")


def test_hide_written_by_hand_wipes_the_screen(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        onboard(page, bot)
        write(page, "hide")
        expect(page.locator(".message")).to_have_count(1)
        expect(page.locator(".message")).to_contain_text("Study tip")


# -- a bad connection


def test_offline_the_words_stay_and_help_is_shown_at_once(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (context, page):
        onboard(page, bot)
        context.set_offline(True)
        write(page, "help")
        expect(page.locator(".note")).to_have_text(said("en", "web.unsent"))
        expect(page.locator(".bubble.care")).to_contain_text("15999")
        shoot(page, "offline")
        context.set_offline(False)
        expect(page.locator(".note")).to_have_count(0)
        expect(page.locator(".message").last).to_contain_text("day and night")
        page.wait_for_timeout(700)
        assert page.locator(".message", has_text="If nobody answers").count() == 1, "taken once"


def test_a_restarted_server_loses_nothing(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with site(tmp_path_factory.mktemp("restart")) as bot, visitor(browser) as (_, page):
        onboard(page, bot)
        took = bot.stop(signal.SIGTERM)
        assert took < 5, "an open stream held the server up"
        expect(page.locator("#state")).to_be_visible()
        page.locator(".choice:enabled", has_text="Lessons").click()
        expect(page.locator(".note")).to_be_visible()
        bot.start()
        expect(page.locator("#state")).to_be_hidden()
        expect(page.locator(".message").last).to_contain_text("Which lesson")
        expect(page.locator(".note")).to_have_count(0)


# -- what the page keeps, takes and looks like


def test_nothing_is_kept_but_the_address_of_this_tab(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (context, page):
        onboard(page, bot)
        write(page, THREAT["en"])
        expect(page.locator(".message").last).to_contain_text("don't pay")
        assert context.cookies() == []
        assert page.evaluate("localStorage.length") == 0
        assert page.evaluate("Object.keys(sessionStorage)") == ["teman"]
        assert re.fullmatch(r"[\w-]{43}", page.evaluate("sessionStorage.teman"))
        assert page.evaluate("history.state") is None
        assert "teman" not in page.url.removeprefix(bot.url)


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_refused_and_not_sent(browser: Browser, bot: Site, way: str) -> None:
    with visitor(browser) as (_, page):
        onboard(page, bot)
        posts: list[str] = []
        page.on("request", lambda request: posts.append(request.post_data or ""))
        page.locator("#box").evaluate(
            """(box, way) => {
              const data = new DataTransfer();
              data.items.add(new File(["the picture's bytes"], "me.png", {type: "image/png"}));
              const how = {bubbles: true, cancelable: true};
              const event = way === "paste"
                ? new ClipboardEvent("paste", {clipboardData: data, ...how})
                : new DragEvent("drop", {dataTransfer: data, ...how});
              box.dispatchEvent(event);
            }""",
            way,
        )
        picture = said("en", "media.picture")
        expect(page.locator(".message").last).to_contain_text(picture)
        assert any('"kind":"media"' in post for post in posts)
        assert not any("picture" in post or "me.png" in post for post in posts)


def test_the_other_pages_fit_every_screen(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        for path in ("/", "/nothing", *(f"/back?lang={language}" for language in LANGUAGES)):
            page.goto(bot.url + path)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate(NO_SIDEWAYS) <= 0, (path, width)
            shoot(page, "page_" + re.sub(r"\W", "", path))


def fits(page: Page, width: int, height: int) -> None:
    """Nothing is wider than the screen, the box stands at its foot, a thumb can hit what is to be
    tapped.
    """
    assert page.evaluate(NO_SIDEWAYS) <= 0
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
    big = page.locator("#box").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert big >= (20 if width > 1000 else 16)
    form = page.locator("#form").bounding_box()
    assert form
    assert abs(form["y"] + form["height"] - height) < 2
    targets = page.locator("button:enabled:visible, .top a:visible").evaluate_all(
        """found => found.map(e => [e.textContent, e.getBoundingClientRect()])
          .map(([text, box]) => [text, Math.min(box.width, box.height), box.right])"""
    )
    assert len(targets) > 5
    assert [target for target in targets if target[1] < 44 or target[2] > width] == []


def test_still_for_those_who_want_no_motion(browser: Browser, bot: Site) -> None:
    for motion, name in (("reduce", "none"), ("no-preference", "come")):
        with visitor(browser, reduced_motion=motion) as (_, page):
            begin(page, bot)
            moving = page.locator(".message").first
            assert moving.evaluate("e => getComputedStyle(e).animationName") == name


def test_without_scripts_there_is_help_and_a_way_out(browser: Browser, bot: Site) -> None:
    with visitor(browser, java_script_enabled=False) as (_, page):
        page.goto(f"{bot.url}/chat?lang=ta")
        assert page.locator("noscript .care").count() == 4
        page.locator("#leave").click()
        expect(page.locator("body")).to_have_text(ELSEWHERE)


def test_a_screen_reader_hears_what_comes(browser: Browser, bot: Site) -> None:
    with visitor(browser) as (_, page):
        begin(page, bot, "ta")
        log = page.get_by_role("log")
        expect(log).to_have_attribute("aria-live", "polite")
        parts = log.locator(".bubble p")
        spoken = {parts.nth(n).evaluate("e => e.closest('[lang]').lang") for n in range(4)}
        assert spoken == {"ms", "en", "zh", "ta"}
        expect(page.get_by_role("textbox")).to_have_accessible_name(said("ta", "web.write"))
        expect(page.get_by_role("group").first).to_have_accessible_name(said("ta", "web.choose"))


def test_the_page_follows_the_language_of_the_talk(browser: Browser, bot: Site) -> None:
    with visitor(browser, locale="en-GB") as (_, page):
        page.goto(f"{bot.url}/chat")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        tap(page, "தமிழ்")
        expect(page.locator("html")).to_have_attribute("lang", "ta")
        expect(page.locator("#send")).to_have_text(said("ta", "web.send"))
        expect(page.locator("#leave")).to_have_text(said("ta", "web.leave"))
        expect(page.locator(".demo")).to_have_text(said("ta", "welcome.demo"))


def test_no_words_are_in_the_log(bot: Site) -> None:
    assert "serves on port" in bot.log
    for text in THREAT.values():
        assert text not in bot.log
