"""Hide: what both sides wrote goes from the screen, and nothing of it comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.messages import LANGUAGES
from bot.store import outbox
from tests.conversation.said import THREAT
from tests.platforms.bot_api_people import Person
from tests.platforms.samples import samples
from tests.platforms.screen import Line
from tests.platforms.stage import Door, Stage, stage
from tests.platforms.telegram_scene import (
    Clock,
    both_doors,
    heard,
    history,
    known,
    menu_shown,
    newcomer,
    safety_tips,
    sends,
)
from tests.platforms.test_story import said

DAYS_2 = 48 * 3600.0


def only_a_tip(lines: list[Line]) -> bool:
    """Nothing stands but harmless content."""
    return len(lines) == 1 and lines[0].text in safety_tips() and not lines[0].mine


async def disclosed(person: Person) -> None:
    person.write(THREAT["en"])
    await person.wait_for(said("en", "care.threat_now"))


async def ended(scene: Stage) -> set[str]:
    """Everything that was queued has come to its end; in which states."""
    await scene.settled()
    states = {state for _, state in await scene.host.store.run(outbox.counts)}
    assert not states & {"waiting", "held"}
    return states


@both_doors
async def test_nothing_stands_but_a_tip(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        other = await known(scene)
        before = other.screen
        for word in ("hide", "/hide", "HIDE!", "sorok", "隐藏", "மறை", "/hide@x_bot"):
            person = await known(scene)
            await disclosed(person)
            person.send_photo("my friend")
            await person.wait_for(1)
            person.write(word)
            await person.wait_for(only_a_tip)
            await ended(scene)
            assert only_a_tip(person.screen), word
            assert scene.bot.called("deleteMessages")[-1].chat == str(person.id)
        assert other.screen == before


async def test_more_than_a_hundred_messages_are_deleted(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        for _ in range(60):
            person.write("menu")
            await person.wait_for(1)
        await scene.settled()
        person.write("hide")
        await person.wait_for(only_a_tip)
        assert len(scene.bot.called("deleteMessages")) == 2


async def test_what_was_in_flight_goes_too(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        scene.bot.troubles.hold()
        before = sends(scene, person)
        person.write(THREAT["en"])
        await heard(scene, lambda: sends(scene, person) > before)
        hide = person.write("hide")
        await heard(scene, lambda: hide.done)
        scene.bot.troubles.let_go()
        await person.wait_for(only_a_tip)
        await ended(scene)
        assert only_a_tip(person.screen)


async def test_what_waited_for_another_try_never_comes(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "poll", clock=clock) as scene:
        person = await known(scene)
        scene.bot.troubles.next(1, 429)
        before = sends(scene, person)
        person.write(THREAT["en"])
        await heard(scene, lambda: sends(scene, person) > before)
        await scene.settled()
        person.write("hide")
        await person.wait_for(only_a_tip)
        clock.passes(3600)
        assert "cancelled" in await ended(scene)
        assert not history(person, said("en", "care.threat_now"))
        assert only_a_tip(person.screen)


async def test_what_is_too_old_to_be_deleted_is_left(tmp_path: Path) -> None:
    clock = Clock()
    async with stage(tmp_path, "poll", clock=clock) as scene:
        person = await known(scene)
        old = len(person.screen)
        clock.passes(DAYS_2 + 60)
        scene.bot.pass_time(DAYS_2 + 60)
        await disclosed(person)
        await scene.settled()
        person.write("hide")
        await person.wait_for(lambda lines: only_a_tip(lines[old:]))
        assert len(person.screen) == old + 1
        assert len(scene.bot.called("deleteMessages")) == 1
        assert THREAT["en"] not in {line.text for line in person.screen}


async def test_a_deletion_that_is_put_off_is_done_later(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        await disclosed(person)
        scene.bot.troubles.only("deleteMessages")
        scene.bot.troubles.next(1, 500)
        person.write("hide")
        await person.wait_for(only_a_tip)
        assert len(scene.bot.called("deleteMessages")) == 2
        assert len([line for line in person.history if line.text in safety_tips()]) == 1


async def test_nothing_is_brought_up_again_until_the_safe_word(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        await disclosed(person)
        person.write("hide")
        await person.wait_for(only_a_tip)
        person.write("ok")
        await person.wait_for(menu_shown())
        assert said("en", "care.threat_now") not in person.screen[-1].text
        person.write("umbrella")
        await person.wait_for("15999")


# -- what is not text


KINDS: list[tuple[str, Callable[[Person], object], str]] = [
    ("photo", lambda one: one.send_photo(), "media.picture"),
    ("photo with words", lambda one: one.send_photo("look"), "media.picture"),
    ("video", lambda one: one.send("video"), "media.picture"),
    ("document", lambda one: one.send("document"), "media.picture"),
    ("voice", lambda one: one.voice(), "media.voice"),
    ("video note", lambda one: one.send("video_note"), "media.voice"),
    ("location", lambda one: one.location(), "media.location"),
]


async def test_media_is_answered_kindly_and_never_fetched(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        for language in LANGUAGES:
            person = await known(scene, language)
            for what, deed, key in KINDS:
                deed(person)
                (line,) = await person.wait_for(1)
                assert said(language, key) in line.text, what
                assert menu_shown(language)([line]), what
        assert not scene.bot.media_calls


async def test_sticker_contact_poll_and_dice_carry_on(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        poll = next(one for one in samples("telegram") if one.name == "poll").body["message"]
        for send in (person.sticker, person.contact, lambda: person.send("dice")):
            send()
            await person.wait_for(1)
            assert menu_shown()(person.screen)
        shown = len(history(person, said("en", "menu.ask")))
        person.raw("message", {**poll, "chat": person.chat, "from": person.user})
        await heard(scene, lambda: len(history(person, said("en", "menu.ask"))) == shown + 1)
        assert not scene.bot.media_calls


async def test_a_caption_that_discloses_gets_care(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        for kind in ("photo", "video", "document", "voice"):
            person = newcomer(scene)
            person.send(kind, THREAT["en"])
            await person.wait_for(said("en", "care.threat_now"))
        assert not scene.bot.media_calls
