"""What Telegram sends, read: the recorded samples, and whatever breaks their form."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import telegram_updates
from bot.channels.telegram_updates import Reading
from bot.messages import TEXT_LIMIT, TOKEN_LIMIT
from tests.platforms.samples import Sample, samples

SAMPLES = samples("telegram")
SECRET = "he said not to tell anybody"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(), some, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({name for one in SAMPLES for name in one.body} - {"update_id"})
MESSAGES = st.fixed_dictionaries(
    {"update_id": st.integers(0, 2**31)}, optional=dict.fromkeys(FIELDS, JSON)
)


def told(reading: Reading) -> list[dict[str, Any]]:
    """In the form of the samples' index."""
    found = reading.incoming
    if found is None:
        return []
    text = found.text.reveal() if found.text else None
    return [{"kind": found.kind, "text": text, "token": found.token, "address": found.chat.address}]


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*here, key)
        if isinstance(one, dict | list):
            yield from paths(one, (*here, key))


def changed(body: dict[str, Any], path: tuple[Any, ...], deed: str, other: Any) -> dict[str, Any]:
    """The same, one field of it dropped, replaced, or put into a list or an object."""
    made = copy.deepcopy(body)
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    last = path[-1]
    match deed:
        case "drop":
            del place[last]
        case "nest":
            place[last] = [place[last]]
        case "wrap":
            place[last] = {"is": place[last]}
        case _:
            place[last] = other
    return made


def in_both(body: dict[str, Any]) -> tuple[Reading, Reading]:
    written = json.dumps(body).encode()
    return telegram_updates.read_bytes(written), telegram_updates.read(json.loads(written))


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_sample_is_read_as_recorded(sample: Sample) -> None:
    for reading in in_both(sample.body):
        assert told(reading) == sample.readings
        assert reading.update_id == sample.body["update_id"]
        assert (reading.tap is not None) == ("callback_query" in sample.body)


def check(body: dict[str, Any]) -> None:
    """What holds of anything: an update's number is never lost, nor does anything print."""
    posted, polled = in_both(body)
    assert posted == polled
    number = body.get("update_id")
    if isinstance(number, int) and not isinstance(number, bool):
        assert posted.update_id == number
    for one in (posted, polled):
        if one.incoming is None:
            continue
        assert one.incoming.id == str(one.update_id)
        assert one.incoming.chat.channel == "telegram"
        assert len(one.incoming.token or "") <= TOKEN_LIMIT + 1
        if one.incoming.text:
            words = one.incoming.text.reveal()
            assert 0 < len(words) <= TEXT_LIMIT
            words.encode()
        assert SECRET not in repr(one)
        assert one.incoming.chat.address not in repr(one.incoming.chat)


@given(st.data())
def test_a_sample_with_one_field_broken_is_read(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    path = data.draw(st.sampled_from(list(paths(sample.body))))
    deed = data.draw(st.sampled_from(["drop", "nest", "wrap", "replace"]))
    check(changed(sample.body, path, deed, data.draw(JSON)))


@given(MESSAGES)
def test_any_update_is_read(body: dict[str, Any]) -> None:
    check(body)


@given(JSON)
def test_any_json_is_read(body: Any) -> None:
    telegram_updates.read(body)
    telegram_updates.read_bytes(json.dumps(body).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_read(body: bytes) -> None:
    assert telegram_updates.read_bytes(body).incoming is None


@pytest.mark.parametrize("size", [50, 2_000_000])
def test_brackets_without_end_are_read(size: int) -> None:
    assert telegram_updates.read_bytes(b"[" * size) == Reading(None)
    assert telegram_updates.read_bytes(b'{"message":' * size) == Reading(None)


def message(**fields: Any) -> dict[str, Any]:
    chat = {"id": 5000000000001, "type": "private"}
    return {"update_id": 7, "message": {"message_id": 3, "date": 0, "chat": chat} | fields}


@pytest.mark.parametrize(
    "broken",
    [
        {"message_id": "3"},
        {"from": "nobody"},
        {"from": {"id": "5000000000001"}},
        {"from": {"id": 1, "language_code": 5}},
        {"caption": {"a": 1}},
    ],
    ids=str,
)
def test_words_outlive_a_broken_field_beside_them(broken: dict[str, Any]) -> None:
    for reading in in_both(message(text=SECRET, **broken)):
        assert told(reading) == [
            {"kind": "text", "text": SECRET, "token": None, "address": "5000000000001"}
        ]
        assert SECRET not in repr(reading)


def test_an_edit_and_a_tap_outlive_a_broken_field() -> None:
    edited = {"update_id": 7, "edited_message": message(text=SECRET, message_id="3")["message"]}
    for reading in in_both(edited):
        assert told(reading)[0]["kind"] == "edited"
        assert told(reading)[0]["text"] == SECRET
    tap = {"id": "9", "from": {"id": "x"}, "message": message()["message"], "data": "menu.1.help"}
    for reading in in_both({"update_id": 7, "callback_query": tap}):
        assert told(reading)[0]["token"] == "menu.1.help"
        assert reading.tap == "9"


def test_a_broken_message_of_a_group_is_still_not_for_the_bot() -> None:
    room = {"id": -100, "type": "supergroup"}
    for reading in in_both(message(text=SECRET, message_id="3", chat=room)):
        assert reading == Reading(7)


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00\\ud83d", "\\u0000"])
def test_half_a_character_costs_no_words(half: str) -> None:
    body = json.dumps(message(text=f"{SECRET} HERE")).replace("HERE", half).encode()
    reading = telegram_updates.read_bytes(body)
    assert reading.update_id == 7
    assert told(reading)[0]["text"].startswith(SECRET)
    assert told(telegram_updates.read(json.loads(body))) == told(reading)


def test_bytes_that_are_no_utf8_cost_no_words() -> None:
    body = json.dumps(message(text=f"{SECRET} HERE")).encode().replace(b"HERE", b"\xff\xfe")
    assert told(telegram_updates.read_bytes(body))[0]["text"].startswith(SECRET)


@given(st.text(min_size=1))
def test_every_tap_can_be_confirmed(tap: str) -> None:
    said = json.loads(telegram_updates.confirmation(tap))
    assert said["method"] == "answerCallbackQuery"
    assert said["callback_query_id"]


def test_a_tap_named_by_half_a_character_can_be_confirmed() -> None:
    assert json.loads(telegram_updates.confirmation("\ud83d"))["callback_query_id"]
