"""Hide against everything that may come later, over real doors: timers, the relay, and an answer
written in the same moment (care.md, 8).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.host import timekeeping
from bot.store import outbox, reports
from tests.conversation.said import EMERGENCY
from tests.platforms.screen import Line
from tests.platforms.stage import Clock, Door, Person, Stage, stage
from tests.platforms.test_story import ANSWER, button, onboard, said, tap, text, write

both_platforms = pytest.mark.parametrize("door", ["webhook", "whatsapp"])


async def later(scene: Stage, clock: Clock, seconds: float) -> None:
    """Time passes; everything that is due has fired, and what it sent has gone out."""
    clock.pass_time(seconds)
    while await timekeeping.fire(scene.host):
        pass
    await scene.settled()


async def hidden(scene: Stage, person: Person) -> list[str]:
    """Write *hide*; what stands on the screen when it is done."""
    person.write("hide")
    await person.wait_for(1)
    await scene.settled()
    return [line.text for line in person.screen]


async def reported(person: Person) -> None:
    """A child who wants one line when there is an answer, and to be asked whether somebody came."""
    await onboard(person, "en")
    await write(person, EMERGENCY["en"])
    for name in ("care_help", "safe_yes", "only_me", "consent_yes", "push_check"):
        await tap(person, button("en", name))
    while any(b.label == button("en", "skip") for b in person.screen[-1].buttons):
        await tap(person, button("en", "skip"))


@both_platforms
async def test_the_promise_is_kept_silently_behind_hide(tmp_path: Path, door: Door) -> None:
    clock = Clock()
    async with stage(tmp_path, door, clock=clock, handoff_without_answer="emergency") as scene:
        person = scene.person(door)
        await onboard(person, "en")
        assert said("en", "care.promise", operator="Teman demo") in await write(
            person, EMERGENCY["en"]
        )
        before = await hidden(scene, person)
        await later(scene, clock, 601)
        assert len(await scene.host.store.run(reports.queue)) == 1
        assert [line.text for line in person.screen] == before
        await write(person, "umbrella")
        told = await tap(person, button("en", "my_case"))
        assert (
            said("en", "care.sent_no_answer", operator="Teman demo", reference="\0").split("\0")[0]
            in told
        )


@both_platforms
@pytest.mark.parametrize("hours", [3, 25])
async def test_no_follow_up_comes_after_hide(tmp_path: Path, door: Door, hours: int) -> None:
    clock = Clock()
    async with stage(tmp_path, door, clock=clock) as scene:
        person, other = scene.person(door), scene.person(door)
        await reported(person)
        await reported(other)
        before = await hidden(scene, person)
        await later(scene, clock, 3 * 3600)
        await other.wait_for(said("en", "relay.follow_up"))
        await later(scene, clock, hours * 3600)
        assert [line.text for line in person.screen] == before


@both_platforms
async def test_an_unread_line_is_not_spoken_of_after_hide(tmp_path: Path, door: Door) -> None:
    clock = Clock()
    async with stage(tmp_path, door, clock=clock) as scene:
        person, other = scene.person(door), scene.person(door)
        for somebody in (person, other):
            await reported(somebody)
            await write(somebody, "he wrote to me once more")
        before = await hidden(scene, person)
        await later(scene, clock, 601)
        await other.wait_for(said("en", "relay.unread"))
        assert [line.text for line in person.screen] == before


@both_platforms
async def test_an_answer_in_the_same_moment_as_hide_shows_nothing(
    tmp_path: Path, door: Door
) -> None:
    """Whichever comes first: after the last of the two, no word and no neutral line stands."""
    neutral = said("en", "relay.neutral")
    async with stage(tmp_path, door) as scene:
        for late_s in (0.0, 0.002, 0.005, 0.01, 0.02):
            person = scene.person(door)
            await reported(person)
            await tap(person, button("en", "menu"))
            await scene.settled()
            person.write("hide")
            await asyncio.sleep(late_s)
            await scene.answer(ANSWER)
            await person.wait_for(1)
            await scene.settled()
            stands = text(list(person.screen)) if door == "webhook" else text(after_hide(person))
            assert neutral not in stands
            assert ANSWER not in text(person.history)
            assert not await waiting(scene)


def after_hide(person: Person) -> list[Line]:
    """WhatsApp takes nothing back: what came behind the harmless line."""
    tips = {said("en", f"hide.tip_{n}") for n in (1, 2, 3)}
    lines = [line for line in person.history if not line.mine]
    last = max(place for place, line in enumerate(lines) if line.text in tips)
    return lines[last + 1 :]


async def waiting(scene: Stage) -> set[str]:
    return {s for _, s in await scene.host.store.run(outbox.counts)} & {"waiting", "sending"}


async def test_words_before_the_first_answer_are_taken_off_too(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = scene.person("webhook")
        person.write(EMERGENCY["en"])
        person.write("hide")
        await person.wait_for(
            lambda lines: len(lines) == 1 and lines[0].text.strip() and not lines[0].mine
        )
        await scene.settled()
        assert EMERGENCY["en"] not in text(list(person.screen))
