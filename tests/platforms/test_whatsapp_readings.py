"""What is read of Meta's webhooks: every recorded sample, and whatever else may come."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import whatsapp_updates
from bot.channels.whatsapp_updates import Post
from bot.messages import Chat, Incoming
from tests.platforms import graph_webhooks as webhooks
from tests.platforms.samples import Sample, samples

ENVELOPES = webhooks.Envelopes("1", "106500000000001", "60300000000")
SAMPLES = samples("whatsapp")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
STRANGE = st.one_of(JSON, st.just([[]]), st.just({"messages": None}), st.just("x" * 70))
STRANGE_PARTS: tuple[Any, ...] = (
    None,
    5,
    "word",
    [],
    {},
    [None],
    [5, "word", [[]]],
    {"a": 1},
    True,
)


def read(value: object) -> Post:
    return whatsapp_updates.read(webhooks.written(value))


def reading(incoming: Incoming) -> dict[str, Any]:
    said = {
        "kind": incoming.kind,
        "text": incoming.text.reveal() if incoming.text else None,
        "token": incoming.token,
        "address": incoming.chat.address,
    }
    return said | {"alias": incoming.alias}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_sample_is_read_as_it_is_meant(sample: Sample) -> None:
    post = read(sample.body)
    expected = [{"alias": None} | said for said in sample.readings]
    assert [reading(one) for one in post.incoming] == expected
    assert all(one.chat.channel == "whatsapp" for one in post.incoming)
    again = whatsapp_updates.read(json.dumps(sample.body, ensure_ascii=False).encode())
    assert again == post


def test_the_samples_with_news_of_addresses_and_receipts() -> None:
    posts = {sample.name: read(sample.body) for sample in SAMPLES}
    moved = {name: post.moved[0] for name, post in posts.items() if post.moved}
    old, new = Chat("whatsapp", "60111000001"), Chat("whatsapp", "60111000002")
    assert moved.keys() == {
        "system_number", "system_number_plain", "system_number_old", "system_user_id",
    }  # fmt: skip
    assert moved["system_number_plain"].old == (old,)
    assert moved["system_number_plain"].new == new
    assert moved["system_number"].new.address.startswith("MY.")
    assert old in moved["system_number"].old
    assert moved["system_number_old"].new == new
    failed = [r for post in posts.values() for r in post.receipts if r.status == "failed"]
    assert failed
    assert all(receipt.code > 0 for receipt in failed)


# -- whatever comes


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_no_message(body: bytes) -> None:
    assert whatsapp_updates.read(body).incoming == ()


@given(JSON)
def test_arbitrary_json_is_no_message(value: Any) -> None:
    assert read(value).incoming == ()
    assert read({"entry": value}).incoming == ()
    assert read({"entry": [{"changes": value}, value]}).incoming == ()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value below its top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    if not isinstance(value, dict | list):
        return [path]
    found = [path] if path else []
    for key, one in inner:
        found += places(one, (*path, key)) if isinstance(one, dict | list) else [(*path, key)]
    return found


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def mutated(body: dict[str, Any], path: tuple[Any, ...], how: str, strange: Any) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    holder, key = at(changed, path[:-1]), path[-1]
    match how:
        case "drop":
            del holder[key]
        case "replace":
            holder[key] = strange
        case "nest":
            holder[key] = [holder[key]]
        case _:
            holder[key] = {"inner": holder[key]}
    return changed


@given(st.data())
def test_mutated_samples_never_raise_and_never_print(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    path = data.draw(st.sampled_from(places(sample.body)))
    how = data.draw(st.sampled_from(["drop", "replace", "nest", "wrap"]))
    post = read(mutated(sample.body, path, how, data.draw(STRANGE)))
    for one in post.incoming:
        assert one.id is not None
        assert one.chat.address
        if one.text and " " in one.text.reveal():
            assert one.text.reveal() not in repr(post)


def test_deep_nesting_and_half_a_body_are_counted() -> None:
    assert whatsapp_updates.read(b'{"entry":' + b"[" * 100_000).unread == 1
    assert whatsapp_updates.read(b'{"entry":[' + b"[" * 5_000 + b"]" * 5_000 + b"]}").unread == 1
    whole = webhooks.written(SAMPLES[0].body)
    assert all(whatsapp_updates.read(whole[:cut]).incoming == () for cut in range(len(whole)))


# -- one that breaks the form, and its neighbours


def message(number: int) -> dict[str, Any]:
    return {"from": "60111000001", "id": f"m{number}", "type": "text", "text": {"body": "hi"}}


@pytest.mark.parametrize("strange", STRANGE_PARTS, ids=repr)
def test_a_broken_part_never_loses_its_neighbours(strange: Any) -> None:
    receipt = {"status": "failed", "biz_opaque_callback_data": "k", "errors": [{"code": 131026}]}
    value = ENVELOPES.value(
        contacts=[strange, {"wa_id": "60111000001", "user_id": "MY.1"}],
        messages=[strange, message(1), strange, message(2)],
        statuses=[strange, receipt],
    )
    whole = ENVELOPES.whole([strange, value, strange])
    whole["entry"] = [strange, {"changes": strange}, *whole["entry"], strange]
    post = read(whole)
    assert [(one.id, one.chat.address) for one in post.incoming] == [("m1", "MY.1"), ("m2", "MY.1")]
    assert [(one.key, one.code) for one in post.receipts] == [("k", 131026)]


@pytest.mark.parametrize("part", ["metadata", "contacts", "statuses", "errors"])
@pytest.mark.parametrize("strange", STRANGE_PARTS, ids=repr)
def test_a_message_is_read_beside_any_broken_part(part: str, strange: Any) -> None:
    value = ENVELOPES.value(messages=[message(1)]) | {part: strange}
    assert [one.id for one in read(ENVELOPES.whole([value])).incoming] == ["m1"]


@pytest.mark.parametrize("strange", STRANGE_PARTS, ids=repr)
def test_a_broken_content_is_still_somebody_who_wrote(strange: Any) -> None:
    broken = message(1) | {"text": strange}
    (one,) = read(ENVELOPES.whole([ENVELOPES.value(messages=[broken])])).incoming
    assert (one.id, one.text) == ("m1", None)


@pytest.mark.parametrize(
    "cut",
    [
        b"\\ud83d",
        b"\\ud83d x",
        b"\\ude00",
        b"\xf0\x9f\x98",
        b"\xff",
        b"\\udc00\\ud83d",
        b"\\ud83d\\n",
    ],
)
def test_half_a_character_costs_no_words(cut: bytes) -> None:
    two = [message(1), message(2)]
    body = webhooks.written(ENVELOPES.whole([ENVELOPES.value(messages=two)]))
    post = whatsapp_updates.read(body.replace(b'"hi"', b'"he hurts me' + cut + b'"', 1))
    texts = [one.text.reveal() for one in post.incoming if one.text]
    assert texts[0].startswith("he hurts me")
    assert texts[1] == "hi"
    assert texts[0].encode().decode() == texts[0]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_every_text_comes_through_its_escapes(text: str) -> None:
    one = message(1) | {"text": {"body": text}}
    (read_back,) = read(ENVELOPES.whole([ENVELOPES.value(messages=[one])])).incoming
    assert read_back.text is not None
    assert read_back.text.reveal() == text.replace("\x00", "\ufffd")
    assert repr(read_back.text) == f"Words({len(text)} characters)"
