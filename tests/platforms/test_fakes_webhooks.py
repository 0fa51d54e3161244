"""The fake Cloud API by itself: it posts what Meta posts, signed and until it is taken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_scene import Bot, ask, buttons, friend, rows, section, text, to


@pytest.fixture
def api() -> Iterator[GraphApi]:
    with GraphApi() as made:
        yield made


@pytest.fixture
async def bot(api: GraphApi) -> AsyncIterator[Bot]:
    made = Bot(api)
    made.server.start()
    api.webhook_url = f"{made.server.url}/webhooks/whatsapp"
    yield made
    made.server.stop()


async def test_messages_reach_the_screen_and_taps_come_back(api: GraphApi, bot: Bot) -> None:
    person = friend(api, "both")
    status, said = await ask(api, to(person, **buttons("Yes", "No")))
    assert status == 200
    assert said["contacts"] == [{"input": person.phone, "wa_id": person.phone}]
    (line,) = await person.wait_for(1)
    assert said["messages"] == [{"id": line.id}]
    person.tap("No")
    await ask(api, to(person, **rows(section("r1", "r2"))))
    await person.wait_for(1)
    person.tap("r2")
    await api.settled()
    taps = [one["interactive"] for one in bot.messages[1:]]
    assert taps[0] == {"type": "button_reply", "button_reply": {"id": "b1", "title": "No"}}
    assert taps[1]["list_reply"] == {"id": "r2", "title": "Row", "description": "Note"}
    assert bot.messages[1]["context"]["id"] == line.id


async def test_scoped_ids_are_written_to_as_recipient(api: GraphApi, bot: Bot) -> None:
    person = friend(api, "bsuid")
    body = {"messaging_product": "whatsapp", "recipient": person.user_id, "type": "text"}
    status, said = await ask(api, {**body, "text": {"body": "hi"}})
    assert status == 200
    assert said["contacts"] == [{"input": person.user_id, "user_id": person.user_id}]
    await api.settled()
    assert bot.messages[0]["from_user_id"] == person.user_id == person.address
    assert "from" not in bot.messages[0]
    assert "wa_id" not in bot.values[0]["contacts"][0]
    assert friend(api, "inside").names("from", "from_user_id")["from"].startswith("MY.")


async def test_the_window_closes_after_a_day_and_templates_pass(api: GraphApi, bot: Bot) -> None:
    person = friend(api)
    api.approve("teman_notice", "ms", "en", body="There is news, {{1}}")
    api.pass_time(24 * 3600 + 5)
    assert (await ask(api, text(person, "hi")))[1][0] == 131047
    place = {"type": "body", "parameters": [{"type": "text", "text": "friend"}]}
    template: dict[str, Any] = {"name": "teman_notice", "language": {"code": "ms"}}
    filled = {**template, "components": [place]}
    assert (await ask(api, to(person, type="template", template=filled)))[0] == 200
    assert api.sent(person.phone)[0].text == "There is news, friend"
    for wrong, code in (({**filled, "language": {"code": "ta"}}, 132001), (template, 132000)):
        assert (await ask(api, to(person, type="template", template=wrong)))[1][0] == code
    api.late_refusals = True
    status, said = await ask(api, text(person, "hi", biz_opaque_callback_data="row 1"))
    assert status == 200
    await api.settled()
    (failed,) = bot.values[-1]["statuses"]
    assert failed["id"] == said["messages"][0]["id"]
    assert failed["errors"][0]["code"] == 131047
    assert failed["biz_opaque_callback_data"] == "row 1"


async def test_receipts_come_when_told(api: GraphApi, bot: Bot) -> None:
    person = friend(api, "both")
    api.receipts = ("sent", "delivered")
    await ask(api, text(person, "hi", biz_opaque_callback_data="row 7"))
    (line,) = await person.wait_for(1)
    api.report(line, "read")
    await api.settled()
    states = [one for value in bot.values for one in value.get("statuses", [])]
    assert [one["status"] for one in states] == ["sent", "delivered", "read"]
    assert {one["biz_opaque_callback_data"] for one in states} == {"row 7"}
    assert states[0]["recipient_id"] == person.phone
    assert states[0]["pricing"]["category"] == "service"


async def test_webhooks_are_signed_escaped_and_brought_until_taken(api: GraphApi, bot: Bot) -> None:
    bot.refuse = 2
    post = api.person().write("தமிழ் a/b")
    await api.settled()
    assert post.statuses == [500, 500, 200]
    assert bot.bodies[0] == bot.bodies[2]
    assert b"\\u0ba4" in bot.bodies[0]
    assert b"a\\/b" in bot.bodies[0]
    api.again(post)
    await api.settled()
    assert len(bot.bodies) == 4


async def test_forged_webhooks_are_what_they_should_be(api: GraphApi, bot: Bot) -> None:
    person = api.person()
    for how in ("wrong", "absent", "sha1 only", "foreign body"):
        assert await api.forge(how, person) == 401
    assert bot.refused == 4
    assert await api.verify()
    assert not await api.verify("another")


@pytest.mark.parametrize("shape", ["messages", "changes", "entries"])
async def test_several_deeds_go_into_one_webhook(api: GraphApi, bot: Bot, shape: Any) -> None:
    one, two = api.person(), api.person()
    with api.together(shape) as post:
        one.write("a")
        two.write("b")
        one.write("c")
    await api.settled()
    assert post.done
    assert [message["text"]["body"] for message in bot.messages] == ["a", "b", "c"]
    entries = json.loads(bot.bodies[0])["entry"]
    changes = [change for entry in entries for change in entry["changes"]]
    assert (len(entries), len(changes)) == {"messages": (1, 1), "changes": (1, 3)}.get(
        shape, (3, 3)
    )


async def test_every_deed_makes_its_kind_of_message(api: GraphApi, bot: Bot) -> None:
    person = api.person("both")
    first = person.write("one")
    deeds = [
        person.send_image("look"), person.voice(), person.sticker(), person.location(),
        person.contact(), person.order(), person.react("wamid.x"), person.unreact("wamid.x"),
        person.edit(first, "two"), person.revoke(first), person.unsupported(),
        person.future_kind(), person.empty_interactive(), person.flow_reply({"a": 1}),
        person.template_button("menu"), person.identity_changed(),
        person.change_number("60119999999"), person.change_user_id("MY.77"),
    ]  # fmt: skip
    await api.settled()
    assert all(post.done for post in deeds)
    assert [one["type"] for one in bot.messages[1:]] == [
        "image", "audio", "sticker", "location", "contacts", "order", "reaction", "reaction",
        "edit", "revoke", "unsupported", "hologram", "interactive", "interactive", "button",
        "system", "system", "system",
    ]  # fmt: skip
    assert api.people["MY.77"] is api.people["60119999999"] is person
