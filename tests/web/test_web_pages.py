"""The pages as they are sent: languages, headers, neutral titles, and pages for errors."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.messages import LANGUAGES
from bot.texts import LIFELINE
from bot.web import chat, pages
from bot.web.security import Shield
from tests.web.web_scene import HERE, Scene, door, library

PAGES = ("/", "/chat", "/chat?lang=ta", "/back", "/back?lang=zh", "/nothing")
TOPICS = re.compile(
    r"abuse|report|safe|help|danger|harm|bully|scam|selamat|bahaya|tolong|安全|危险|帮|ஆபத்து|உதவி",
    re.IGNORECASE,
)
LABELS = ("leave", "send", "write", "back_title", "back_reference", "back_words", "danger", "talk")
LABEL_LIMIT = 20
SAID = "what a child wrote"


async def get(scene: Scene, path: str, **headers: str) -> httpx.Response:
    async with scene.client() as browser:
        return await browser.get(path, headers=headers)


async def test_the_start_page_speaks_four_languages(tmp_path: Path) -> None:
    async with door(tmp_path, demo=True) as scene:
        page = (await get(scene, "/")).text
    for language, name in zip(LANGUAGES, ("Bahasa Melayu", "English", "中文", "தமிழ்"), strict=True):
        assert f'href="/chat?lang={language}"' in page
        assert name in page
        assert library().texts.get(language, "web.what") in page.replace("&#39;", "'")
        assert library().texts.get(language, "welcome.demo") in page
    assert 'href="tel:999"' in page
    assert 'href="tel:15999"' in page


async def test_a_demo_is_said_only_where_it_is_one(tmp_path: Path) -> None:
    async with door(tmp_path, demo=False) as scene:
        page = (await get(scene, "/")).text
    assert library().texts.get("en", "welcome.demo") not in page


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_only_our_own_files(tmp_path: Path, path: str) -> None:
    async with door(tmp_path) as scene:
        answer = await get(scene, path)
    scripts = re.findall(r"<script([^>]*)>", answer.text)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", answer.text)
    found = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert len(found) > 2
    outside = [link for link in found if not link.startswith(("/", "tel:"))]
    assert set(outside) <= {scene.host.house.exit_url}


@pytest.mark.parametrize("path", [*PAGES, "/static/chat.js", "/healthz", "/robots.txt"])
async def test_every_answer_is_shielded(tmp_path: Path, path: str) -> None:
    async with door(tmp_path, web_secure=True) as scene:
        headers = (await get(scene, path)).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "noindex" in headers["x-robots-tag"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["strict-transport-security"]
    wanted = "no-cache" if path.startswith("/static/") else "no-store"
    assert headers["cache-control"] == wanted


async def test_plain_http_is_not_told_to_be_strict(tmp_path: Path) -> None:
    async with door(tmp_path, web_secure=False) as scene:
        assert "strict-transport-security" not in (await get(scene, "/")).headers


@pytest.mark.parametrize("path", PAGES)
async def test_titles_and_names_in_a_tab_tell_no_topic(tmp_path: Path, path: str) -> None:
    async with door(tmp_path) as scene:
        title = re.search(r"<title>(.*?)</title>", (await get(scene, path)).text)
    assert title
    assert "Teman" in title.group(1)
    assert not TOPICS.search(title.group(1) + path)


def test_what_stands_in_a_tab_or_its_history_tells_no_topic() -> None:
    texts = library().texts
    keys = ("web.title", "web.back_title", "web.back_lead", "web.back_words")
    said = [texts.get(language, key) for language in LANGUAGES for key in keys]
    assert len(said) == 16
    assert [text for text in said if TOPICS.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_have_all_their_words_and_labels_fit(language: str) -> None:
    texts = library().texts
    code = next(found for found in LANGUAGES if found == language)
    assert all(texts.has(code, f"web.{word}") for word in chat.PAGE_WORDS)
    labels = {word: texts.get(code, f"web.{word}") for word in LABELS}
    assert {word: text for word, text in labels.items() if len(text) > LABEL_LIMIT} == {}


def test_the_help_button_says_a_word_that_is_understood_in_every_language() -> None:
    assert set(chat.HELP_WORDS) == set(LANGUAGES)
    assert chat.HELP_WORDS["ta"] == "உதவி"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("ta-IN,en;q=0.8", "ta"), ("fr, zh-CN;q=0.9", "zh"), ("", "ms"), ("xx", "ms"), ("en", "en")],
)
async def test_a_page_follows_the_browser(tmp_path: Path, wanted: str, language: str) -> None:
    async with door(tmp_path) as scene:
        for path in ("/chat", "/back"):
            page = await get(scene, path, **{"accept-language": wanted})
            assert f'<html lang="{language}">' in page.text
        chosen = await get(scene, "/chat?lang=en", **{"accept-language": wanted})
        assert '<html lang="en">' in chosen.text


async def test_a_page_that_does_not_exist_holds_the_help_lines(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        page, data = await get(scene, "/nothing"), await get(scene, "/chat/nothing")
    assert page.status_code == data.status_code == 404
    for text in LIFELINE.values():
        assert text in page.text
    assert data.json()["help"] == dict(LIFELINE)


async def test_without_scripts_the_help_lines_are_there(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        for path in ("/chat", "/back"):
            page = (await get(scene, path)).text
            inside = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
            assert inside
            for text in LIFELINE.values():
                assert text in inside.group(1)


async def test_what_robots_and_browsers_fetch_by_themselves(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        robots, icon = await get(scene, "/robots.txt"), await get(scene, "/favicon.ico")
    assert "Disallow: /" in robots.text
    assert icon.headers["content-type"] == "image/svg+xml"


async def test_an_error_is_answered_with_help_and_its_text_is_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(_: Request) -> Response:
        raise RuntimeError(SAID)

    async with door(tmp_path) as scene:
        drawn = pages.Pages(scene.host)
        app = Starlette(
            routes=[Route("/", breaks)],
            middleware=[Middleware(Shield, secure=False, on_error=lambda _: drawn.trouble(500))],
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as browser:
            answer = await browser.get("/")
    assert answer.status_code == 500
    assert LIFELINE["ta"] in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    assert "RuntimeError" in caplog.text
    assert SAID not in caplog.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_a_route_keeps_its_own_headers() -> None:
    async def own(_: Request) -> Response:
        return PlainTextResponse("x", headers={"Cache-Control": "max-age=5"})

    app = Starlette(
        routes=[Route("/", own)],
        middleware=[Middleware(Shield, secure=False, on_error=lambda _: PlainTextResponse(""))],
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as browser:
        answer = await browser.get("/")
    assert answer.headers["cache-control"] == "max-age=5"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_healthz_and_readyz(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        well, ready = await get(scene, "/healthz"), await get(scene, "/readyz")
        scene.store.down = True
        ill, unready = await get(scene, "/healthz"), await get(scene, "/readyz")
    assert (well.status_code, ready.status_code) == (200, 200)
    assert well.text.strip() == "ok"
    assert all(ready.json()["checks"].values())
    assert (ill.status_code, unready.status_code) == (503, 503)
    assert unready.json()["checks"]["store"] is False


async def test_a_store_that_hangs_is_not_well(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        scene.store.slow_s = 30
        assert (await get(scene, "/healthz")).status_code == 503
