"""The protocol of the web chat: what a browser posts, and what it is answered."""

from __future__ import annotations

import asyncio
import logging
import secrets
from pathlib import Path

import pytest

from bot.messages import LANGUAGES
from bot.store import outbox
from bot.texts import LIFELINE
from bot.web import chat as door_of_chat
from tests.web import web_scene
from tests.web.web_scene import HERE, MINUTE, Child, bearer, door

PLANTED = "cikgu itu sentuh adik saya di stor sekolah"
WRONG_TOKENS = [
    "", "Bearer", "Bearer " + "a" * 42, "Bearer " + "a" * 44, "Bearer " + "a" * 42 + "+",
    "Basic " + "a" * 43, "a" * 43, "Bearer " + "a" * 42 + "\u00e4",
]  # fmt: skip
WRONG_BODIES = [
    b"", b"null", b"[]", b'"text"', b"{", b'{"id": "12345678"}', b'{"kind": "text"}',
    b'{"id": "12345678", "kind": "forget"}', b'{"id": 12345678, "kind": "text"}',
    b'{"id": "short", "kind": "text"}', b'{"id": "12345678", "kind": "text", "text": 7}',
    b'{"id": "12345678", "kind": "text", "seen": -1}', b"[" * 50_000,
    b'{"id": "12345678", "kind": "text", "seen": 1e99}', b'{"id": "../../etc", "kind": "text"}',
]  # fmt: skip
STRANGE = [
    "x" * 10_000, "\ud800 lonely \udfff", "a\u200bb\u202ec\u2066d", "😀😀😀", "\x00", " ", "",
    "ா", "🏳️‍🌈" * 2000,
]  # fmt: skip


async def test_a_start_is_answered_in_four_languages(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        (row,) = await child.start()
    for word in ("help", "tolong", "帮", "உதவி"):
        assert word in row["text"]
    assert {"ms", "en", "zh", "ta"} <= set(row["langs"])
    assert [choice["label"] for choice in row["choices"]] == [
        "Bahasa Melayu", "English", "中文", "தமிழ்"
    ]  # fmt: skip
    assert row["language"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_chosen_language_is_the_language_of_the_chat(tmp_path: Path, language: str) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        (row,) = await child.start(language)
    assert row["language"] == language
    assert row["langs"][-1] == language


async def test_one_event_sent_fifty_times_at_once_is_taken_once(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        posts = [child.post(id="the-same-one", kind="start") for _ in range(50)]
        answers = await asyncio.gather(*posts)
        assert [answer.status_code for answer in answers] == [200] * 50
        assert len(await child.read()) == 1


@pytest.mark.parametrize("header", WRONG_TOKENS)
async def test_a_wrong_token_is_refused_with_help(tmp_path: Path, header: str) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        headers = {b"Authorization": header.encode()}
        for method, path in (("POST", "/chat/messages"), ("GET", "/chat/events")):
            answer = await browser.request(method, path, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["help"] == dict(LIFELINE)


@pytest.mark.parametrize("body", WRONG_BODIES)
async def test_a_wrong_body_is_refused_with_help(tmp_path: Path, body: bytes) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        headers = bearer("a" * 43) | {"Content-Type": "application/json"}
        answer = await browser.post("/chat/messages", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["help"] == dict(LIFELINE)


async def test_a_body_too_long_or_no_json_is_refused_with_help(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        headers = bearer("a" * 43) | {"Content-Type": "application/json"}
        long = await browser.post("/chat/messages", content=b" " * 200_000, headers=headers)
        form = await browser.post("/chat/messages", data={"kind": "text"}, headers=bearer("a" * 43))
        other = await browser.get("/chat/messages", headers=bearer("a" * 43))
    assert (long.status_code, form.status_code, other.status_code) == (413, 415, 405)
    assert long.json()["help"] == form.json()["help"] == other.json()["help"] == dict(LIFELINE)


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
async def test_no_text_is_too_strange_for_an_answer(tmp_path: Path, text: str) -> None:
    body = '{"id": "strange-text", "kind": "text", "text": ' + _escaped(text) + "}"
    async with door(tmp_path) as scene, scene.client() as browser:
        child = Child(scene)
        await child.onboard()
        headers = bearer(child.token) | {"Content-Type": "application/json"}
        answer = await browser.post("/chat/messages", content=body, headers=headers)
        assert answer.status_code == 200
        assert await child.read()


def _escaped(text: str) -> str:
    """As a browser may send it: every character as an escape, halves of pairs too."""
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join("\\u" + units[i : i + 4] for i in range(0, len(units), 4)) + '"'


async def test_taps_that_never_were_are_answered(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        other, child = Child(scene), Child(scene)
        await other.onboard()
        await child.onboard()
        for token in (other.choices[0]["token"], "never.was", "", "x" * 500, "\ud800"):
            rows = await child.act(kind="tap", token=token.replace("\ud800", "�"))
            assert rows
            assert rows[-1]["choices"]


async def test_nothing_of_a_picture_is_taken(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        await child.onboard()
        for kind in ("media", "voice"):
            rows = await child.act(kind=kind, text="he will send my photo if i dont pay")
            assert all(row["lane"] == "normal" for row in rows), "its text was read"
            assert rows


async def test_without_the_store_the_answer_is_503_with_help(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        child = Child(scene)
        await child.onboard()
        scene.store.down = True
        refused = await child.post(id="said-in-the-dark", kind="text", text="help")
        stream = await browser.get("/chat/events", headers=bearer(child.token))
        page = await browser.get("/chat")
        scene.store.down = False
        for answer in (refused, stream):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert answer.json()["help"] == dict(LIFELINE)
        assert page.status_code == 200, "the page itself needs no store"
        again = await child.post(id="said-in-the-dark", kind="text", text="help")
        assert again.status_code == 200
        assert len(await child.read()) == 1


async def test_too_many_messages_wait_but_help_and_hide_never_do(tmp_path: Path) -> None:
    most, window = door_of_chat.PER_CHAT
    async with door(tmp_path) as scene:
        child, other = Child(scene), Child(scene)
        await child.start("en")
        for _ in range(most - 1):
            assert (await child.post(kind="start")).status_code == 200
        slow = await child.post(id="one-too-many", kind="text", text="hello")
        assert slow.status_code == 429
        assert int(slow.headers["Retry-After"]) <= window
        assert slow.json()["help"] == dict(LIFELINE)
        for text in ("help", "Tolong!", "帮", "உதவி", "umbrella", "sorok"):
            assert (await child.post(kind="text", text=text)).status_code == 200
        assert (await child.post(kind="hide")).status_code == 200
        assert (await other.post(kind="start")).status_code == 200
        scene.now += 2 * MINUTE
        assert (await child.post(id="one-too-many", kind="text")).status_code == 200


async def test_one_client_cannot_use_up_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_of_chat, "PER_CLIENT", (3, 10))
    async with door(tmp_path) as scene:
        for number, status in enumerate((200, 200, 200, 429)):
            child = Child(scene)
            assert (await child.post(kind="start")).status_code == status, number
        async with scene.client("127.0.0.1") as proxy:
            body = {"id": "through-a-proxy", "kind": "start"}
            answer = await proxy.post("/chat/messages", json=body, headers=bearer("b" * 43))
        assert answer.status_code == 200, "this machine stands for many"


async def test_rows_wait_until_the_page_has_shown_them(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        child = Child(scene)
        await child.start("en")
        await child.tap("child")
        assert await web_scene.waits(scene, child) == 1, "the tap said what was seen"
        body, headers = {"seq": child.shown}, bearer(child.token)
        seen = await browser.post("/chat/seen", json=body, headers=headers)
        assert seen.json() == {"ok": True}
        assert await web_scene.waits(scene, child) == 0
        assert await web_scene.acknowledged(scene) == 2


async def test_rows_that_cannot_be_ticked_off_do_not_stop_a_message(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        child = Child(scene)
        stranger = {"seq": 5}
        answer = await browser.post("/chat/seen", json=stranger, headers=bearer(child.token))
        assert answer.status_code == 200
        scene.store.down = True
        answer = await browser.post("/chat/seen", json=stranger, headers=bearer(child.token))
        assert answer.status_code == 200


async def test_hide_wipes_and_cancels_what_waits(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        child = Child(scene)
        await child.onboard()
        await child.say("he will send my photo to my class if i dont pay")
        answer = await child.post(kind="hide")
        assert answer.status_code == 200
        rows = await child.read()
        assert rows[-1]["wipe"]
        found = await scene.run(lambda tx: outbox.counts(tx))
        assert found[("web", "cancelled")] >= 1, "what waited is not shown any more"


async def test_a_disclosure_is_answered_and_stands_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with door(tmp_path) as scene:
        child = Child(scene)
        await child.onboard("ms")
        rows = await child.say(PLANTED)
        assert rows[-1]["lane"] == "care"
        scene.store.down = True
        await child.post(kind="text", text=PLANTED)
        token = child.token
    for word in (PLANTED, "sentuh adik", token):
        assert word not in caplog.text
    clear = b"".join(path.read_bytes() for path in tmp_path.glob("teman.db*"))
    assert len(clear) > 10_000
    assert b"sentuh adik" not in clear
    assert token.encode() not in clear


async def test_no_answer_sets_a_cookie(tmp_path: Path) -> None:
    async with door(tmp_path) as scene, scene.client() as browser:
        child = Child(scene)
        answers = [await child.post(kind="start")]
        answers += [await browser.get(path) for path in ("/", "/chat", "/back", "/nothing")]
        assert browser.base_url == HERE
    assert len(answers) == 5
    assert [answer.headers.get("set-cookie") for answer in answers] == [None] * 5


def test_a_token_of_a_browser_is_taken_as_python_makes_it() -> None:
    assert all(len(secrets.token_urlsafe(32)) == 43 for _ in range(100))
