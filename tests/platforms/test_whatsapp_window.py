"""A day of silence, and a month that is used up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.whatsapp_form import LOCALES
from bot.host import billing
from bot.messages import LANGUAGES, Language
from bot.store import reports
from tests.conversation.said import EMERGENCY, THREAT
from tests.platforms.graph_api_people import Person
from tests.platforms.stage import Clock, Stage
from tests.platforms.test_story import ANSWER
from tests.platforms.whatsapp_scene import (
    HOUR,
    button,
    lines_of,
    met,
    open_door,
    posts,
    said,
    shown,
    since,
    state_of,
    states,
    tap,
    told,
    write,
)

RESTING = "Lessons rest here"


async def a_day_later(scene: Stage, clock: Clock) -> None:
    clock.pass_time(25 * HOUR)
    scene.graph.pass_time(25 * HOUR)
    await scene.teman.platforms.sender.send_due()


async def sent_on(scene: Stage) -> None:
    await scene.teman.platforms.sender.send_due()


# -- 24 hours


async def test_after_a_day_one_template_in_their_language_then_open(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path) as (scene, clock):
        scene.graph.approve("teman_notice", *LOCALES.values(), body="There is something to read")
        for language in LANGUAGES:
            person = await told(scene, language)
            await _answered_by_template(scene, clock, person, language)
            person.write("open")
            await person.wait_for(ANSWER)
            await scene.settled()
            assert len(lines_of(person, ANSWER)) == 1


async def _answered_by_template(
    scene: Stage, clock: Clock, person: Person, language: Language
) -> None:
    person.write("menu")
    await person.wait_for(1)
    await a_day_later(scene, clock)
    before = len(posts(scene, person))
    await scene.answer(ANSWER)
    await sent_on(scene)
    await person.wait_for(lambda _: len(person.lines.answers) >= 2)
    (form,) = posts(scene, person)[before:]
    assert form["template"] == {"name": "teman_notice", "language": {"code": LOCALES[language]}}
    await a_day_later(scene, clock)
    assert len(posts(scene, person)) == before + 1
    assert ANSWER not in str(posts(scene, person))


async def test_within_the_day_a_plain_line_and_no_template(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await told(scene)
        await write(person, "menu")
        for clock_ in (clock, scene.graph):
            clock_.pass_time(23.9 * HOUR)
        await scene.answer(ANSWER)
        await person.wait_for(said("en", "relay.neutral"))
        assert {form["type"] for form in posts(scene, person)} <= {"text", "interactive"}


async def test_a_shared_phone_is_never_written_to(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        scene.graph.approve("teman_notice", *LOCALES.values())
        person = await met(scene)
        await write(person, THREAT["en"])
        await tap(person, button("en", "care_help"))
        await tap(person, button("en", "safe_yes"))
        await tap(person, button("en", "others_too"))
        while not await scene.host.store.run(reports.queue):
            line = person.screen[-1]
            yes = [b for b in line.buttons if b.label == button("en", "consent_yes")]
            await tap(person, (yes or list(line.buttons))[0].token)
        await write(person, "menu")
        await a_day_later(scene, clock)
        before = len(shown(person))
        await scene.answer(ANSWER)
        await a_day_later(scene, clock)
        assert len(shown(person)) == before
        assert ANSWER not in "".join(shown(person))
        person.write("open")
        await person.wait_for(1)
        assert said("en", "welcome.first") not in since(person)


async def test_without_an_approved_template_the_answer_is_kept(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await told(scene)
        await write(person, "menu")
        await a_day_later(scene, clock)
        await scene.answer(ANSWER)
        await sent_on(scene)
        assert (await states(scene))["parked"] == 1
        person.write("open")
        await person.wait_for(ANSWER)


# -- a month's messages


async def used_up(scene: Stage, clock: Clock) -> Person:
    """Somebody with whom the month's messages are used up."""
    person = await met(scene)
    clock.pass_time(11)
    return person


async def counted(scene: Stage) -> int:
    await scene.settled()
    now = scene.host.clock()
    return await scene.host.store.run(lambda tx: billing.counted(tx, now=now))


async def silent(scene: Stage, deed: Callable[[], object]) -> None:
    """The deed is taken and nothing is said."""
    before = len(scene.graph.called("messages"))
    deed()
    await scene.graph.settled()
    await scene.settled()
    assert len(scene.graph.called("messages")) == before


async def test_a_used_up_month_rests_the_lessons_with_one_notice_an_hour(tmp_path: Path) -> None:
    async with open_door(tmp_path, whatsapp_monthly_limit=5) as (scene, clock):
        person = await used_up(scene, clock)
        assert await counted(scene) == 5
        person.tap(button("en", "lessons"))
        await person.wait_for(RESTING)
        await silent(scene, lambda: person.write("menu"))
        await silent(scene, lambda: person.tap(button("en", "lessons")))
        clock.pass_time(HOUR + 1)
        person.write("menu")
        await person.wait_for(1)
        assert RESTING in since(person)
        assert len(lines_of(person, RESTING)) == 2
        assert await counted(scene) == 7 == len(scene.graph.sent(person.address))


async def test_care_help_and_the_rest_go_on_in_a_used_up_month(tmp_path: Path) -> None:
    async with open_door(tmp_path, whatsapp_monthly_limit=5) as (scene, clock):
        for words, expected in (
            ("help", "15999"),
            ("privacy", "locked with a key"),
            ("hide", "Study tip"),
            (THREAT["en"], said("en", "care.threat_now")),
            (EMERGENCY["en"], "999"),
        ):
            person = await used_up(scene, clock)
            person.write(words)
            await person.wait_for(1)
            assert RESTING not in since(person), words
            assert expected in since(person)
        newcomer = scene.graph.person("both")
        assert said("en", "welcome.first") in await write(newcomer, "hi")


async def test_a_report_is_made_and_answered_in_a_used_up_month(tmp_path: Path) -> None:
    async with open_door(tmp_path, whatsapp_monthly_limit=1) as (scene, clock):
        person = await told(scene)
        clock.pass_time(11)
        await scene.answer(ANSWER)
        await person.wait_for(said("en", "relay.neutral"))
        person.write("open")
        await person.wait_for(ANSWER)
        assert RESTING not in "".join(shown(person))
        assert await counted(scene) == len(scene.graph.sent(person.address))


async def test_next_month_the_lessons_go_on(tmp_path: Path) -> None:
    async with open_door(tmp_path, whatsapp_monthly_limit=5) as (scene, clock):
        person = await used_up(scene, clock)
        person.write("menu")
        await person.wait_for(RESTING)
        await scene.settled()
        now = datetime.fromtimestamp(clock() / 1e6, UTC)
        next_month = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0)
        clock.pass_time((next_month - now).total_seconds() + HOUR)
        assert await counted(scene) == 0
        await write(person, "menu")
        assert said("en", "menu.ask") in since(person)
        await tap(person, button("en", "lessons"))
        await tap(person, said("en", "lessons.C4.title"))
        assert (await state_of(scene, person)).place.name == "lesson"
        assert await counted(scene) == 3
