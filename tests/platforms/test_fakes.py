"""What both fakes share: troubles, waiting, the screen, and the recorded payloads."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args

import httpx
import pytest

from bot.messages import Kind
from tests.platforms.bot_api import BotApi
from tests.platforms.bot_api_people import Person as Telegram
from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_api_people import Person as WhatsApp
from tests.platforms.samples import FOLDER, Platform, samples


class Side:
    """One of the platforms, spoken to in the same words."""

    def __init__(self, api: BotApi | GraphApi) -> None:
        self.api = api
        self.person: Telegram | WhatsApp = api.person()
        self.person.write("hi")
        self.client = httpx.AsyncClient(trust_env=False)

    async def send(self, text: str = "hello", timeout: float = 20) -> httpx.Response:
        """Send one message to the person."""
        self.client.timeout = httpx.Timeout(timeout)
        if isinstance(self.api, BotApi):
            url = f"{self.api.url}/bot{self.api.token}/sendMessage"
            return await self.client.post(url, json={"chat_id": self.address, "text": text})
        url = f"{self.api.url}/{self.api.phone_number_id}/messages"
        body = {"messaging_product": "whatsapp", "to": self.address, "text": {"body": text}}
        headers = {"Authorization": f"Bearer {self.api.token}"}
        return await self.client.post(url, json=body, headers=headers)

    @property
    def address(self) -> str:
        return str(getattr(self.person, "phone", None) or self.person.id)  # type: ignore[union-attr]

    @property
    def arrived(self) -> int:
        return len(self.api.sent(self.address))


@pytest.fixture(params=[BotApi, GraphApi])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    made: Any = request.param
    with made() as api:
        found = Side(api)
        yield found
        await found.client.aclose()


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made


async def test_every_nth_call_is_refused(side: Side) -> None:
    side.api.troubles.every(3)
    answers = [await side.send() for _ in range(6)]
    bad = 429 if isinstance(side.api, BotApi) else 500
    assert [one.status_code for one in answers] == [200, 200, bad, 200, 200, bad]
    said = answers[2].json()
    if isinstance(side.api, BotApi):
        assert said["parameters"] == {"retry_after": 1}
    else:
        assert said["error"]["code"] == 131000
    assert side.arrived == 4
    assert len(side.api.calls) == 6


async def test_the_next_calls_or_a_chat_are_refused_with_any_code(side: Side) -> None:
    side.api.troubles.next(2, 403 if isinstance(side.api, BotApi) else 131056)
    assert [(await side.send()).status_code // 100 for _ in range(3)] == [4, 4, 2]
    side.api.troubles.chat(side.address, 403 if isinstance(side.api, BotApi) else 131026)
    assert [(await side.send()).status_code // 100 for _ in range(2)] == [4, 4]
    side.api.troubles.calm()
    assert (await side.send()).status_code == 200


async def test_lost_answers_are_taken_and_half_open_ones_are_not(side: Side) -> None:
    side.api.troubles.lost()
    with pytest.raises(httpx.RemoteProtocolError):
        await side.send()
    assert side.arrived == 1
    side.api.troubles.half_open()
    with pytest.raises(httpx.ReadTimeout):
        await side.send(timeout=0.3)
    side.api.troubles.cut()
    with pytest.raises(httpx.RemoteProtocolError):
        await side.send()
    assert side.arrived == 2
    assert (await side.send()).status_code == 200
    assert [call.status for call in side.api.calls] == [0, 0, 200, 200]


async def test_garbage_and_pages_come_instead_of_json(side: Side) -> None:
    side.api.troubles.garbage()
    side.api.troubles.html()
    answer = await side.send()
    with pytest.raises(ValueError, match="Expecting"):
        answer.json()
    page = await side.send()
    assert page.status_code == 502
    assert page.headers["content-type"] == "text/html"
    assert side.arrived == 0


async def test_slow_answers_come_late(side: Side) -> None:
    side.api.troubles.slow(0.2)
    began = time.monotonic()
    assert (await side.send()).status_code == 200
    assert time.monotonic() - began >= 0.2
    side.api.troubles.slow(2)
    with pytest.raises(httpx.ReadTimeout):
        await side.send(timeout=0.3)


async def test_it_goes_down_and_comes_back_at_the_same_place(side: Side) -> None:
    assert (await side.send()).status_code == 200
    side.api.troubles.down()
    with pytest.raises(httpx.TransportError):
        await side.send()
    with pytest.raises(httpx.ConnectError):
        await side.send()
    side.api.troubles.up()
    assert (await side.send()).status_code == 200
    assert side.arrived == 2


async def test_troubles_may_be_told_to_touch_other_calls(api: BotApi) -> None:
    url = f"{api.url}/bot{api.token}/getMe"
    async with httpx.AsyncClient(trust_env=False) as client:
        api.troubles.next()
        assert (await client.get(url)).status_code == 200
        api.troubles.only("getMe")
        assert (await client.get(url)).status_code == 429


async def test_waiting_ends_with_an_answer_or_says_what_stood_there(side: Side) -> None:
    with pytest.raises(AssertionError, match="in vain: 1"):
        await side.person.wait_for(1, 0.05)
    await side.send("one")
    await side.send("two")
    assert [line.text for line in await side.person.wait_for(2)] == ["one", "two"]
    assert side.person.wait("two") == side.person.wait(lambda screen: len(screen) == 3)
    side.person.write("more")
    with pytest.raises(AssertionError, match="in vain"):
        side.person.wait(1, 0.05)


KINDS = {*get_args(Kind)}
PLATFORMS: tuple[Platform, ...] = get_args(Platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_sample_is_described_and_every_kind_has_one(platform: Platform) -> None:
    found = samples(platform)
    files = {path.stem for path in (FOLDER / platform).glob("*.json")} - {"index"}
    assert len(found) > 50
    assert {sample.name for sample in found} == files
    assert all(sample.what and sample.source for sample in found)
    readings = [reading for sample in found for reading in sample.readings]
    keys = {"kind", "text", "token", "address"} | ({"alias"} if platform == "whatsapp" else set())
    assert all(reading.keys() == keys and reading["address"] for reading in readings)
    kinds = {reading["kind"] for reading in readings}
    assert kinds <= KINDS
    assert KINDS - kinds == (set() if platform == "telegram" else {"start", "left", "returned"})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_tap_has_a_token_and_words_are_in_the_sample(platform: Platform) -> None:
    for sample in samples(platform):
        for reading in sample.readings:
            assert (reading["kind"] != "tap") or reading["token"], sample.name
            said = reading["text"]
            written = json.dumps(sample.body, ensure_ascii=False)
            assert said is None or said.split()[0] in written, sample.name


async def test_samples_can_be_posted_through_the_fakes(api: BotApi) -> None:
    person = api.person()
    for sample in samples("telegram"):
        for kind in sample.body.keys() - {"update_id"}:
            person.raw(kind, sample.body[kind])
    assert api.updates.pending > 50
