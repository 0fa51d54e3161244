"""The webhook's door: who may knock, what many things at once come to, and what no message is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.messages import LANGUAGES
from tests.conversation.said import THREAT
from tests.platforms import graph_webhooks as webhooks
from tests.platforms.graph_webhooks import Forgery
from tests.platforms.stage import Stage
from tests.platforms.whatsapp_scene import (
    open_door,
    said,
    since,
    states,
    write,
)

Headers = dict[str, str] | list[tuple[bytes, bytes]]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_door(tmp_path) as (made, _):
        yield made


async def knock(scene: Stage, method: str = "GET", **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.request(method, f"{scene.url}/webhooks/whatsapp", **more)


async def post(scene: Stage, body: bytes, headers: Headers | None = None) -> int:
    """Somebody posts these bytes, signed unless other headers are given."""
    signed = {webhooks.HEADER: webhooks.signature(scene.graph.secret, body)}
    given = signed if headers is None else headers
    return (await knock(scene, "POST", content=body, headers=given)).status_code


# -- verifying


async def test_meta_may_verify_the_address(scene: Stage) -> None:
    assert await scene.graph.verify()
    assert await scene.graph.verify(challenge="7<b>")
    assert not await scene.graph.verify("wrong")
    assert not await scene.graph.verify("")
    assert not await scene.graph.verify("fake-verify-tokén")


TOKEN = "fake-verify-token"
INCOMPLETE: tuple[dict[str, str], ...] = (
    {},
    {"hub.verify_token": TOKEN, "hub.challenge": "1158"},
    {"hub.mode": "unsubscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158"},
    {"hub.mode": "subscribe", "hub.challenge": "1158"},
)


async def test_an_incomplete_handshake_is_refused(scene: Stage) -> None:
    for query in INCOMPLETE:
        answer = await knock(scene, params=query)
        assert answer.status_code == 403
        assert "1158" not in answer.text


# -- signatures

FORGERIES: tuple[Forgery, ...] = ("wrong", "absent", "sha1 only", "foreign body")
SPOILED: tuple[Callable[[str], str], ...] = (
    lambda s: s[:-1],
    lambda s: s + "0",
    lambda s: s[len("sha256=") :],
    lambda _: "sha256=",
    lambda _: "",
    lambda s: "sha256=é" + s[8:],
    lambda s: "sha1=" + s[len("sha256=") :],
    lambda s: " ".join(s),
)


async def test_a_forged_message_is_refused_and_nothing_happens(scene: Stage) -> None:
    person = scene.graph.person("both")
    for how in FORGERIES:
        assert await scene.graph.forge(how, person, THREAT["en"]) == 403, how
    await _is_unknown(scene)


async def test_a_signature_of_another_form_is_refused(scene: Stage) -> None:
    body = _hello(scene)
    right = webhooks.signature(scene.graph.secret, body)
    for number, spoil in enumerate(SPOILED):
        headers = [(webhooks.HEADER.encode(), spoil(right).encode("latin-1"))]
        assert await post(scene, body, headers) == 403, number
    await _is_unknown(scene)


async def test_capital_letters_in_the_signature_are_the_same_number(scene: Stage) -> None:
    body = _hello(scene)
    capital = webhooks.signature(scene.graph.secret, body).removeprefix("sha256=").upper()
    assert await post(scene, body, {webhooks.HEADER: f"sha256={capital}"}) == 200
    assert await states(scene) != {}


def _hello(scene: Stage) -> bytes:
    """A child's first word, as Meta posts it."""
    person = scene.graph.person("both")
    head = {**person.names("from", "from_user_id"), "id": "m1", "timestamp": "1795600000"}
    one = {**head, "type": "text", "text": {"body": "hi"}}
    value = scene.graph.envelopes.value(contacts=[person.card], messages=[one])
    return webhooks.written(scene.graph.envelopes.whole([value]))


async def _is_unknown(scene: Stage) -> None:
    assert await states(scene) == {}
    assert scene.graph.calls == []


# -- the bytes


async def test_escaped_scripts_are_read_as_they_were_written(scene: Stage) -> None:
    for language in LANGUAGES:
        person = scene.graph.person("both")
        person.write("https://x/y 👨‍👩‍👧 " + THREAT[language])
        await person.wait_for(said(language, "care.threat_now"))
    bodies = [post.body for post in scene.graph.postman.posts]
    assert all(body.isascii() and b"\\/" in body for body in bodies)


# -- no message at all


GARBAGE: tuple[bytes, ...] = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b"no json",
    b"\xff\xfe\x00",
    b'{"entry":[{"changes":[{"value":{"messages":[{}]}}]}]}',
    b"[" * 200_000,
    b'{"entry":' * 2_000,
    b'{"entry":"' + b"x" * 1_000_000 + b'"}',
)


async def test_garbage_that_is_signed_is_taken_and_harms_nothing(scene: Stage) -> None:
    for number, body in enumerate(GARBAGE):
        assert await post(scene, body) == 200, number
        person = scene.graph.person("both")
        assert "999" in await write(person, "hi")


async def test_a_body_that_is_too_large_is_not_read(scene: Stage) -> None:
    assert await post(scene, b" " * 4_000_001) == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 65_536

    assert (await knock(scene, "POST", content=pieces())).status_code == 413
    person = scene.graph.person("both")
    await write(person, "hi")
    assert since(person)
