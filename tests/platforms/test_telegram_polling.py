"""Asking for updates: the offset moves after the commit, and no update stops the ones behind it."""

from __future__ import annotations

from pathlib import Path

from bot.host.arrivals import LIFELINE_EVERY_S
from bot.store import keys
from bot.store.vault import invent_key
from bot.texts import LIFELINE
from tests.conversation.said import THREAT
from tests.platforms.bot_api import BotApi
from tests.platforms.stage import stage
from tests.platforms.telegram_scene import (
    Clock,
    fragile,
    heard,
    history,
    known,
    menu_shown,
    newcomer,
    sends,
)
from tests.platforms.test_story import said
from tests.platforms.test_telegram_outbox import chat_id


async def test_the_offset_waits_for_the_commit(tmp_path: Path) -> None:
    """And meanwhile the help lines come directly, once in ten minutes."""
    clock = Clock()
    async with stage(tmp_path, "poll", clock=clock) as scene:
        person, other, store = await known(scene), await known(scene), fragile(scene)
        store.down = True
        post = person.write(THREAT["en"])
        await person.wait_for(LIFELINE["en"])
        polls = len(scene.bot.updates.polls)
        other.write("hello")
        await other.wait_for("15999")
        assert len(scene.bot.updates.polls) > polls
        assert not post.done
        assert len(person.lines.answers) == 1
        clock.passes(LIFELINE_EVERY_S)
        await person.wait_for(2)
        store.down = False
        await person.wait_for(said("en", "care.threat_now"))
        await other.wait_for(menu_shown())
        await heard(scene, lambda: post.done)
        await scene.settled()
        assert len(history(person, said("en", "care.threat_now"))) == 1
        assert len(history(person, LIFELINE["en"])) == 2


async def test_a_malformed_update_stands_between_two_good_ones(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        first, second = await known(scene), await known(scene)
        with scene.bot.bell.lock:
            first.write("menu")
            broken = newcomer(scene).raw("message", {"nothing": ["of", "the", "kind"]})
            odd = newcomer(scene).raw("callback_query", {"id": 7, "data": {"a": 1}})
            second.write("menu")
        await first.wait_for(menu_shown())
        await second.wait_for(menu_shown())
        await heard(scene, lambda: broken.done and odd.done)


async def test_an_update_of_an_unknown_kind_is_passed_over(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        with scene.bot.bell.lock:
            scene.bot.updates.allowed = None
            post = person.raw("brain_wave", {"chat": person.chat, "text": THREAT["en"]})
        await heard(scene, lambda: post.done)
        before = sends(scene, person)
        person.write("menu")
        await person.wait_for(menu_shown())
        assert sends(scene, person) == before + 1


async def test_an_update_that_comes_twice_is_answered_once(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        post = person.write("menu")
        await person.wait_for(menu_shown())
        await heard(scene, lambda: post.done)
        number, content = post.content["update_id"], post.content["message"]
        for _ in range(2):
            scene.bot.updates.skip(number)
            again = person.raw("message", content)
            assert again.content == post.content
            await heard(scene, lambda: again.done)  # noqa: B023 - asked before the next round
        await scene.settled()
        assert len(person.lines.answers) == 1


async def test_an_update_that_comes_again_after_a_restart_is_answered_once(tmp_path: Path) -> None:
    key = invent_key()
    with BotApi() as bot:
        async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
            person = await known(scene)
            post = person.write("menu")
            await person.wait_for(menu_shown())
            await heard(scene, lambda: post.done)
        bot.updates.skip(post.content["update_id"])
        again = person.raw("message", post.content["message"])
        async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
            await heard(scene, lambda: again.done)
            await scene.settled()
            assert len(person.lines.answers) == 1
            person.write("help")
            await person.wait_for("15999")


async def test_a_lost_answer_to_the_poll_loses_no_update(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        for trouble in ("lost", "short"):
            scene.bot.troubles.only("getUpdates")
            person.write("menu")
            await person.wait_for(menu_shown())
            await heard(scene, lambda: not scene.bot.updates.pending)
            getattr(scene.bot.troubles, trouble)(1)
            person.write("privacy")
            await person.wait_for(1)
            await scene.settled()
            assert len(person.lines.answers) == 1
            scene.bot.troubles.calm()


async def test_numbers_may_begin_anew_after_a_quiet_week(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        await heard(scene, lambda: not scene.bot.updates.pending)
        scene.bot.updates.skip(1_000)
        for _ in range(2):
            person.write("menu")
            await person.wait_for(menu_shown())
        await heard(scene, lambda: not scene.bot.updates.pending)


async def test_other_chats_go_on_beside_a_damaged_one(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person, other = await known(scene), await known(scene)
        await scene.host.store.run(lambda tx: keys.erase(tx, chat_id(tx, person)))
        person.write(THREAT["en"])
        for _ in range(2):
            other.write("menu")
            await other.wait_for(menu_shown())
