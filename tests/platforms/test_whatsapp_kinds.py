"""Every kind of thing a person can send on WhatsApp is answered as care.md, 14 says."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import pytest

from tests.conversation.said import EMERGENCY, THREAT
from tests.platforms.graph_api_people import Person
from tests.platforms.stage import Stage
from tests.platforms.whatsapp_scene import (
    button,
    met,
    open_door,
    said,
    shown,
    since,
    state_of,
    tap,
    write,
)

Deed = Callable[[Person], object]
REFUSED: Final[dict[str, tuple[Deed, ...]]] = {
    "media.picture": (
        lambda p: p.send_image(),
        lambda p: p.media("image", url=False),
        lambda p: p.media("video"),
        lambda p: p.media("document", "my homework"),
    ),
    "media.voice": (lambda p: p.voice(), lambda p: p.media("audio", url=False)),
    "media.location": (lambda p: p.location(),),
}
CARRY_ON: Final[tuple[Deed, ...]] = (
    lambda p: p.sticker(),
    lambda p: p.contact(),
    lambda p: p.order(),
    lambda p: p.unsupported(),
    lambda p: p.unsupported("view_once"),
    lambda p: p.future_kind(),
    lambda p: p.empty_interactive(),
    lambda p: p.flow_reply({"a": 1}),
    lambda p: p.react(p.screen[-1]),
    lambda p: p.tap("q999.nothing", forged=True),
    lambda p: p.template_button("unknown", "OK"),
    lambda p: p.template_button("", "OK", context=False),
)
SILENT: Final[tuple[Deed, ...]] = (
    lambda p: p.unreact(p.screen[-1]),
    lambda p: p.unreact(p.screen[-1], empty=True),
    lambda p: p.edit(p.write("hello"), "hello there"),
    lambda p: p.revoke(p.write("hallo")),
)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_door(tmp_path) as (made, _):
        yield made
        await made.graph.settled()
        await made.settled()
        assert made.graph.media_calls == []
        assert {call.method for call in made.graph.calls} == {"messages", "read"}


async def test_media_voice_and_places_are_refused_kindly(scene: Stage) -> None:
    person = await met(scene)
    for key, deeds in REFUSED.items():
        for deed in deeds:
            deed(person)
            await person.wait_for(1)
            assert said("en", key) in since(person)
            assert button("en", "lessons") in [one.label for one in person.screen[-1].buttons]
    picture = said("en", "media.picture")
    assert "help" in picture
    assert "15999" in said("en", "media.voice")


@pytest.mark.parametrize("kind", ["image", "video", "document"])
async def test_a_caption_is_screened(scene: Stage, kind: str) -> None:
    person = await met(scene)
    person.media(kind, THREAT["en"])
    await person.wait_for(said("en", "care.threat_now"))


async def test_everything_else_carries_on(scene: Stage) -> None:
    person = await met(scene)
    for number, deed in enumerate(CARRY_ON):
        deed(person)
        await person.wait_for(1)
        assert said("en", "menu.ask") in since(person), number
        assert "media" not in since(person)
    await tap(person, button("en", "lessons"))
    assert (await state_of(scene, person)).place.step == "lessons"


async def test_the_same_before_anybody_is_known(scene: Stage) -> None:
    deeds = [deed for group in REFUSED.values() for deed in group]
    for deed in (*deeds, *CARRY_ON[:6], CARRY_ON[7]):
        person = scene.graph.person("both")
        deed(person)
        await person.wait_for(said("en", "welcome.first"))


async def test_what_takes_something_back_says_nothing(scene: Stage) -> None:
    person = await met(scene)
    for deed in SILENT:
        line = person.screen[-1]
        assert not line.mine
        deed(person)
        await scene.graph.settled()
        await scene.settled()
    written = [line for line in person.history if line.mine and line.text.startswith("h")]
    answers = len(written) - 1
    before = len(shown(person))
    await write(person, "menu")
    assert len(shown(person)) == before + 1
    assert answers == 2


async def test_a_harmless_edit_says_nothing_and_leaves_the_question_open(scene: Stage) -> None:
    person = await met(scene)
    await tap(person, button("en", "lessons"))
    before = shown(person)
    for line in [line for line in person.history if line.mine][:2]:
        person.edit(line, "hello there")
        await scene.graph.settled()
        await scene.settled()
    assert shown(person) == before
    await tap(person, said("en", "lessons.C4.title"))
    assert (await state_of(scene, person)).place.name == "lesson"


@pytest.mark.parametrize("words", [THREAT["en"], EMERGENCY["en"]])
async def test_an_edit_that_tells_is_answered_with_care(
    scene: Stage, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = await met(scene)
    person.edit(next(line for line in person.history if line.mine), words)
    await person.wait_for(1)
    assert said("en", "care.heard") in since(person)
    await scene.settled()
    assert (await state_of(scene, person)).place.name == "care"
    assert words not in caplog.text


async def test_help_works_out_of_any_kind(scene: Stage) -> None:
    person = await met(scene)
    for word in ("help", "tolong", "帮", "உதவி", "umbrella"):
        person.sticker()
        await person.wait_for(1)
        await write(person, word)
        assert "15999" in since(person)
    person.edit(next(line for line in person.history if line.mine), "help")
    await person.wait_for(1)
    assert "15999" in since(person)
