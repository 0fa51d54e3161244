"""Something happens between the two parts of a message that was too long for one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.store import outbox
from bot.store.outbox import Claim
from bot.store.vault import invent_key
from tests.conversation.said import EMERGENCY
from tests.platforms.bot_api import BotApi
from tests.platforms.bot_api_people import Person
from tests.platforms.stage import Stage, stage
from tests.platforms.telegram_scene import (
    Clock,
    heard,
    history,
    labels,
    newcomer,
    safety_tips,
    sends,
)
from tests.platforms.test_story import button, onboard, said, tell, write
from tests.platforms.test_telegram_outbox import came, queue

FIRST, SECOND = "This is the first part. ", "This is the second part. "
LONG = FIRST * 100 + "\n\n" + SECOND * 80
"""A case worker's answer: with what stands around it, too long for one message."""


async def reader(scene: Stage) -> Person:
    """Somebody with a long answer that waits to be opened."""
    person = newcomer(scene)
    await onboard(person, "en")
    await tell(person, "en")
    await write(person, "menu")
    await scene.settled()
    await scene.answer(LONG)
    await person.wait_for(said("en", "relay.neutral"))
    await scene.settled()
    return person


async def halfway(scene: Stage, person: Person) -> None:
    """The first part stands on the screen; the second was refused and waits for another try, and
    the question that belongs to it waits behind.
    """
    before = sends(scene, person)
    scene.bot.troubles.every(2)
    person.write("open")
    await person.wait_for(FIRST.strip())
    await heard(scene, lambda: sends(scene, person) == before + 2)
    await scene.settled()
    scene.bot.troubles.calm()
    assert not history(person, SECOND.strip())


async def ended(scene: Stage) -> set[str]:
    """The states in which all rows are, once none waits any more."""
    async with asyncio.timeout(10):
        while "waiting" in (states := await states_now(scene)):
            await asyncio.sleep(0.02)
    return states


async def states_now(scene: Stage) -> set[str]:
    await scene.settled()
    return {state for _, state in await scene.host.store.run(outbox.counts)}


async def test_a_disclosure_between_two_parts(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await reader(scene)
        await halfway(scene, person)
        person.write(EMERGENCY["en"])
        await person.wait_for(lambda _: person.lines.answers)
        assert "999" in person.lines.answers[0].text
        assert SECOND.strip() not in person.lines.answers[0].text, "care waits for no other lane"
        await person.wait_for(SECOND.strip())
        await ended(scene)
        assert len(history(person, FIRST.strip())) == 1
        assert len(history(person, SECOND.strip())) == 1


async def test_hide_between_two_parts(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "poll", clock=clock) as scene:
        person = await reader(scene)
        await halfway(scene, person)
        person.write("hide")
        await person.wait_for(lambda lines: len(lines) == 1 and lines[0].text in safety_tips())
        clock.passes(3600)
        await ended(scene)
        assert not history(person, SECOND.strip())
        person.write("umbrella")
        await person.wait_for("15999")
        person.write("open")
        await person.wait_for(SECOND.strip())


async def test_forget_between_two_parts(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await reader(scene)
        await halfway(scene, person)
        person.write("forget me")
        delete = button("en", "delete_yes")
        await person.wait_for(lambda lines: any(delete in labels(line) for line in lines))
        person.tap(button("en", "delete_yes"))
        await person.wait_for(said("en", "forget.done"))
        await ended(scene)
        assert len(history(person, SECOND.strip())) <= 1
        person.write("hi")
        await person.wait_for(lambda lines: said("zh", "language.name") in labels(lines[-1]))


async def test_a_restart_between_two_parts(tmp_path: Path) -> None:
    key = invent_key()
    with BotApi() as bot:
        async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
            person = await reader(scene)
            await halfway(scene, person)
        async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
            await person.wait_for(SECOND.strip())
            states = await ended(scene)
            assert states == {"sent"}
            assert len(history(person, FIRST.strip())) == 1
            assert len(history(person, SECOND.strip())) == 1
            person.write("menu")
            await person.wait_for(lambda _: person.lines.answers)


async def test_what_a_crash_left_under_way_is_sent_again(tmp_path: Path) -> None:
    """Nobody can know whether it went out: once more, and what stands behind it keeps its order."""
    key = invent_key()
    with BotApi() as bot:
        async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
            person = newcomer(scene)
            await onboard(person, "en")
            scene.bot.troubles.chat(person.id, 429)
            claim = Claim("a process that is no more", scene.host.clock() + 3_600_000_000)
            await queue(scene, person, ["one"], "relay", claim=claim)
            await queue(scene, person, ["two"], "relay")
        bot.troubles.calm()
        async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
            await person.wait_for("two")
            assert await ended(scene) == {"sent"}
            assert came(person, ["one", "two"]) == ["one", "two"]
