"""What goes wrong late or in an unlucky order: receipts, edits, moves, a used-up month."""

from __future__ import annotations

import json
from pathlib import Path

from bot.channels import whatsapp_updates
from bot.host import billing
from tests.conversation.said import THREAT
from tests.platforms.samples import samples
from tests.platforms.stage import Clock, Stage
from tests.platforms.test_story import ANSWER
from tests.platforms.whatsapp_scene import (
    HOUR,
    heard,
    known,
    lines_of,
    met,
    open_door,
    posts,
    said,
    since,
    state_of,
    states,
    told,
    tried,
    write,
)


async def later(scene: Stage, clock: Clock, seconds: float) -> None:
    clock.pass_time(seconds)
    await scene.teman.platforms.sender.send_due()


async def test_a_late_refusal_for_the_account_keeps_the_message_and_tells(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        await write(person, THREAT["en"])
        await scene.settled()
        scene.graph.report(person.screen[-1], "failed", 131042)
        await scene.graph.settled()
        assert scene.teman.alarms.counts["whatsapp takes no messages"] == 1
        await later(scene, clock, 61)
        assert len(lines_of(person, said("en", "care.threat_now"))) == 2


async def test_a_late_refusal_for_the_window_waits_for_the_user(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        await write(person, THREAT["en"])
        await scene.settled()
        scene.graph.report(person.screen[-1], "failed", 131047)
        await scene.graph.settled()
        assert (await states(scene)).get("held") == 1
        person.write("ok")
        await person.wait_for(2)
        assert said("en", "care.threat_now") in since(person)


async def test_a_refusal_that_comes_at_once_is_not_overtaken(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        scene.graph.late_refusals = True
        scene.graph.pair_burst = 1
        await write(person, "menu")
        await scene.settled()
        taken = len(scene.graph.routes.sent_to)
        person.write(THREAT["en"])
        await heard(scene, lambda: len(scene.graph.routes.sent_to) > taken)
        await scene.graph.settled()
        await scene.settled()
        scene.graph.pass_time(60)
        await later(scene, clock, 60)
        assert said("en", "care.threat_now") in since(person)


async def test_a_receipt_of_a_send_whose_answer_was_lost_counts_even_when_it_comes_first(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        scene.graph.receipts = ("sent",)
        for _ in range(3):
            scene.graph.troubles.lost(1)
            await write(person, "menu")
            await scene.graph.settled()
            await later(scene, clock, 60)
        assert len(lines_of(person, said("en", "menu.ask"))) == 4
        assert set(await states(scene)) == {"sent"}


async def test_a_harmless_edit_replaces_no_answer_that_waits(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        person = await met(scene)
        await scene.settled()
        tries = len(posts(scene, person))
        scene.graph.troubles.next(1, 131016)
        post = person.write("privacy")
        await tried(scene, person, tries + 1)
        person.edit(post, "Privacy ")
        person.unreact(person.screen[0])
        await scene.graph.settled()
        await later(scene, clock, 5)
        assert person.lines.answers


async def test_an_answer_is_not_kept_behind_a_notice_that_was_held_back(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        scene.graph.approve("teman_notice", "en")
        person = await told(scene)
        await write(person, "menu")
        clock.pass_time(25 * HOUR)
        scene.graph.pass_time(25 * HOUR)
        tries = len(posts(scene, person))
        scene.graph.troubles.next(1, 131049)
        await scene.answer(ANSWER)
        await tried(scene, person, tries + 1)
        await scene.settled()
        person.write("open")
        await later(scene, clock, 5)
        await person.wait_for(ANSWER)


async def test_an_edit_does_not_hide_that_the_window_is_shut(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, clock):
        scene.graph.approve("teman_notice", "en")
        person = await told(scene)
        await write(person, "menu")
        for ahead in (20 * HOUR, 5 * HOUR):
            clock.pass_time(ahead)
            scene.graph.pass_time(ahead)
            if ahead > 10 * HOUR:
                person.edit(next(line for line in person.history if line.mine), "hello")
                await scene.graph.settled()
        await scene.answer(ANSWER)
        await later(scene, clock, 5)
        await scene.settled()
        assert posts(scene, person)[-1]["type"] == "template"


async def test_news_of_an_address_that_come_twice_move_nobody_else(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene, identity="phone")
        old = person.phone
        news = person.change_number("60119990001")
        await write(person, "menu")
        heir = scene.graph.person("phone", old)
        await write(heir, "hi")
        scene.graph.again(news)
        await scene.graph.settled()
        assert await known(scene, old)
        assert (await state_of(scene, person)).profiles[0].ready


async def test_what_only_a_receipt_tells_of_is_counted_too(tmp_path: Path) -> None:
    async with open_door(tmp_path) as (scene, _):
        scene.graph.receipts = ("sent",)
        person = await met(scene)
        scene.graph.troubles.lost(1)
        await write(person, "menu")
        await scene.graph.settled()
        await scene.settled()
        now = scene.host.clock()
        counted = await scene.host.store.run(lambda tx: billing.counted(tx, now=now))
        assert counted == len(scene.graph.sent(person.address))


async def test_what_is_kept_can_be_deleted_in_a_used_up_month(tmp_path: Path) -> None:
    async with open_door(tmp_path, whatsapp_monthly_limit=5) as (scene, clock):
        person = await met(scene)
        await scene.settled()
        clock.pass_time(11)
        assert said("en", "forget.ask") in await write(person, "forget")
        other = await met(scene)
        assert said("en", "language.ask") in await write(other, "language")


def test_no_number_in_any_repr() -> None:
    for sample in samples("whatsapp"):
        post = whatsapp_updates.read(json.dumps(sample.body).encode())
        assert "6011100000" not in repr(post), sample.name
        assert "MY.13" not in repr(post), sample.name
