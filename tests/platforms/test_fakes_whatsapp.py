"""The fake Cloud API by itself: it refuses what Meta refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_scene import ask, buttons, friend, rows, section, text, to


@pytest.fixture
def api() -> Iterator[GraphApi]:
    with GraphApi() as made:
        yield made


TOO_LONG = "Beritahu orang dewasa"
WRONG: dict[str, dict[str, Any]] = {
    "empty text": {"type": "text", "text": {"body": ""}},
    "long text": {"type": "text", "text": {"body": "a" * 4097}},
    "long in UTF-16": {"type": "text", "text": {"body": "😀" * 2049}},
    "no text": {"type": "text"},
    "unknown type": {"type": "hologram"},
    "empty body": buttons("OK", body=""),
    "long body": buttons("OK", body="a" * 1025),
    "no buttons": buttons(),
    "four buttons": buttons("1", "2", "3", "4"),
    "long title": buttons(TOO_LONG),
    "same titles": buttons("OK", "OK"),
    "same ids": buttons("1", "2", ids=("a", "a")),
    "long id": buttons("OK", ids=("a" * 257,)),
    "id with spaces": buttons("OK", ids=(" a",)),
    "long list button": rows(section("a"), button=TOO_LONG),
    "long list body": rows(section("a"), body="a" * 1025),
    "eleven rows": rows(
        section(*map(str, range(6)), title="A"), section(*map(str, range(6, 11)), title="B")
    ),
    "untitled sections": rows(section("a", title="A"), section("b")),
    "long section title": rows(section("a", title="a" * 25)),
    "long row title": rows(section("a", row="a" * 25)),
    "long row note": rows(section("a", note="a" * 73)),
    "long row id": rows(section("a" * 201)),
    "same row ids": rows(section("a", "a")),
    "long mark": {"type": "text", "text": {"body": "a"}, "biz_opaque_callback_data": "a" * 513},
    "nobody": {"type": "text", "text": {"body": "a"}, "to": ""},
    "scoped id in to": {"type": "text", "text": {"body": "a"}, "to": "MY.123"},
    "other product": {"type": "text", "text": {"body": "a"}, "messaging_product": "sms"},
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_refused(api: GraphApi, name: str) -> None:
    person = friend(api)
    status, (code, details) = await ask(api, to(person, **WRONG[name]))
    assert status == 400
    assert code in (100, 131008, 131009)
    assert details
    assert api.sent(person.phone) == []


async def test_the_limits_themselves_pass(api: GraphApi) -> None:
    person = friend(api)
    for content in (
        {"type": "text", "text": {"body": "a" * 4096}, "biz_opaque_callback_data": "a" * 512},
        buttons("a" * 20, "b", "c", body="a" * 1024, ids=("a" * 256, "b", "c")),
        rows(
            section(*map(str, range(5)), title="a" * 24, row="a" * 24, note="a" * 72),
            section(*map(str, range(5, 9)), "i" * 200, title="B"),
            button="a" * 20,
            body="a" * 1024,
        ),
    ):
        assert (await ask(api, to(person, **content)))[0] == 200


async def test_a_wrong_token_is_refused(api: GraphApi) -> None:
    person = friend(api)
    assert await ask(api, text(person, "hi"), token="no") == (401, (190, ""))
    api.token_valid = False
    assert (await ask(api, text(person, "hi")))[0] == 401


async def test_too_many_to_one_person_is_refused_when_told(api: GraphApi) -> None:
    person, other = friend(api), friend(api)
    api.pair_burst = 2
    answers = [(await ask(api, text(person, str(n))))[0] for n in range(3)]
    assert answers == [200, 200, 400]
    assert (await ask(api, text(other, "hi")))[0] == 200
    api.pass_time(6)
    assert (await ask(api, text(person, "hi")))[0] == 200


async def test_reading_and_typing_are_marked(api: GraphApi) -> None:
    person = friend(api)
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": person.screen[0].id}
    assert await ask(api, mark) == (200, {"success": True})
    assert (await ask(api, {**mark, "typing_indicator": {"type": "text"}}))[0] == 200
    assert (await ask(api, {**mark, "typing_indicator": {"type": "voice"}}))[0] == 400
    assert (await ask(api, {**mark, "message_id": "wamid.none"}))[0] == 400
    assert (len(person.read), len(person.typing)) == (2, 1)


async def test_a_doctor_can_look_around_and_files_are_noticed(api: GraphApi) -> None:
    api.approve("teman_notice", "ms")
    headers = {"Authorization": f"Bearer {api.token}"}
    async with httpx.AsyncClient(trust_env=False, headers=headers, base_url=api.url) as client:
        fields = {"fields": "verified_name,throughput"}
        number = (await client.get(f"/{api.phone_number_id}", params=fields)).json()
        assert number["verified_name"] == "Teman"
        templates = (await client.get(f"/{api.account_id}/message_templates")).json()["data"]
        assert (templates[0]["name"], templates[0]["language"]) == ("teman_notice", "ms")
        assert (await client.get(f"/{api.account_id}/subscribed_apps")).json()["data"]
        told = await client.get("/debug_token", params={"input_token": api.token})
        assert told.json()["data"]["is_valid"]
        assert (await client.get("/1/2/3")).status_code == 400
        assert api.media_calls == []
        await client.get("/10500000000001")
        await client.post(f"/{api.phone_number_id}/media", files={"file": b"x"})
        await client.get(f"{api.server.url}/attachments/?mid=1")
    assert len(api.media_calls) == 3
