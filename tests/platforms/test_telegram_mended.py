"""What goes wrong in an unlucky order: edits, hide, a user who leaves, a full house."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.store import keys
from bot.store.database import Tx
from tests.conversation.said import THREAT
from tests.platforms.stage import Door, stage
from tests.platforms.telegram_scene import (
    Clock,
    both_doors,
    fragile,
    heard,
    history,
    known,
    menu_shown,
    newcomer,
    sends,
)
from tests.platforms.test_story import onboard, said, tell, write
from tests.platforms.test_telegram_hide import disclosed, only_a_tip
from tests.platforms.test_telegram_outbox import attempts, chat_id, queue


async def test_an_edit_does_not_swallow_an_answer_that_waits(tmp_path: Path) -> None:
    """apply.outcome supersedes for every turn, also for one that says nothing."""
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        before = sends(scene, person)
        scene.bot.troubles.next(1, 429)
        post = person.write("menu")
        await heard(scene, lambda: sends(scene, person) > before)
        await scene.settled()
        edit = person.edit(post, "menus")
        await heard(scene, lambda: edit.done)
        await person.wait_for(menu_shown(), 4)
        assert sends(scene, person) == before + 2


async def test_a_message_that_came_while_hide_deleted_can_be_hidden_later(tmp_path: Path) -> None:
    """screens.removed forgets ids that were never deleted."""
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        await disclosed(person)
        scene.bot.troubles.only("deleteMessages")
        scene.bot.troubles.hold()
        person.write("hide")
        await heard(scene, lambda: scene.bot.called("deleteMessages"))
        late = person.write("is he still there")
        await heard(scene, lambda: late.done)
        assert not scene.bot.called("deleteMessages")[0].status, "the deletion is under way"
        scene.bot.troubles.let_go()
        await person.wait_for(2)
        await scene.settled()
        scene.bot.troubles.calm()
        person.write("hide")
        await person.wait_for(only_a_tip, 4)


async def test_who_stopped_the_bot_is_not_written_to(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = newcomer(scene)
        await onboard(person, "en")
        await tell(person, "en")
        await write(person, "menu")
        await scene.settled()
        before = sends(scene, person)
        post = person.block()
        await heard(scene, lambda: post.done)
        await scene.answer("An answer")
        await scene.settled()
        await asyncio.sleep(1.5)
        assert sends(scene, person) == before


async def test_the_second_part_is_not_tried_where_the_first_was_refused(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        before = sends(scene, person)
        scene.bot.troubles.chat(person.id, 403)
        await queue(scene, person, ["part one", "part two"], "care")
        await heard(scene, lambda: sends(scene, person) > before)
        await scene.settled()
        await asyncio.sleep(1.5)
        assert sends(scene, person) == before + 1


@both_doors
async def test_a_damaged_chat_gets_help_and_stops_no_other(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person, other = await known(scene), await known(scene)

        def damage(tx: Tx) -> None:
            keys.erase(tx, chat_id(tx, person))

        await scene.host.store.run(damage)
        post = person.write(THREAT["en"])
        await person.wait_for("15999", 4)
        other.write("menu")
        await other.wait_for(menu_shown())
        await heard(scene, lambda: post.done, 4)


async def test_care_hidden_while_it_waits_for_room_never_comes(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        crowd = [scene.bot.person() for _ in range(64)]
        scene.bot.troubles.hold()
        before = len(scene.bot.called("sendMessage"))
        for one in crowd:
            one.write(THREAT["en"])
        await heard(scene, lambda: len(scene.bot.called("sendMessage")) >= before + 64)
        care = person.write(THREAT["en"])
        hide = person.write("hide")
        await heard(scene, lambda: care.done and hide.done)
        scene.bot.troubles.let_go()
        await person.wait_for(only_a_tip)
        await scene.settled()
        assert not history(person, said("en", "care.threat_now"))


async def test_a_lone_child_is_answered_soon_after_a_long_outage(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "webhook", clock=clock) as scene:
        person = await known(scene)
        scene.bot.troubles.down()
        post = person.write(THREAT["en"])
        await heard(scene, lambda: post.done)
        for tries in range(1, 9):
            async with asyncio.timeout(10):
                while (await attempts(scene, person))[0] < tries:
                    await asyncio.sleep(0.01)
            await scene.settled()
            clock.passes(400)
        async with asyncio.timeout(10):
            while (await attempts(scene, person))[0] < 9:
                await asyncio.sleep(0.01)
        await scene.settled()
        scene.bot.troubles.up()
        clock.passes(60)
        await person.wait_for(said("en", "care.threat_now"), 4)


async def test_help_line_sent_directly_is_hidden_too(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person, store = await known(scene), fragile(scene)
        store.down = True
        person.write(THREAT["en"])
        await person.wait_for("15999")
        store.down = False
        await person.wait_for(said("en", "care.threat_now"))
        await scene.settled()
        person.write("hide")
        await person.wait_for(only_a_tip, 4)
