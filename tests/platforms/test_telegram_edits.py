"""A message that is rewritten: only its harm counts."""

from __future__ import annotations

from pathlib import Path

from tests.conversation.said import EMERGENCY, THREAT
from tests.platforms.bot_api_people import Person
from tests.platforms.postman import Post
from tests.platforms.stage import Door, Stage, stage
from tests.platforms.telegram_scene import (
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


async def rewritten(scene: Stage, post: Post, person: Person, text: str) -> Post:
    """Edit, and until Teman has taken it."""
    await heard(scene, lambda: post.done)
    edit = person.edit(post, text)
    await heard(scene, lambda: edit.done)
    await scene.settled()
    return edit


@both_doors
async def test_a_harmless_edit_says_nothing(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person = await known(scene)
        post = person.write("menu")
        await person.wait_for(menu_shown())
        before = sends(scene, person)
        for text in ("menus", "1", "yes", "stop", "/language", "hello", "/start lang_ta"):
            await rewritten(scene, post, person, text)
        assert sends(scene, person) == before
        person.tap(person.lines.standing[-1].buttons[0].token)
        await person.wait_for(said("en", "menu.lessons"))


@both_doors
async def test_an_edit_that_discloses_gets_care_at_once(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person = await known(scene)
        post = person.write("menu")
        await person.wait_for(menu_shown())
        person.edit(post, THREAT["en"])
        await person.wait_for(said("en", "care.threat_now"))
        again = person.edit(post, EMERGENCY["en"])
        await person.wait_for(lambda _: person.lines.answers)
        assert "999" in person.lines.answers[0].text
        await heard(scene, lambda: again.done)


async def test_an_edited_caption_that_discloses_gets_care(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        post = person.send_photo("look")
        await person.wait_for(1)
        message = next(iter(post.content["message"] for _ in [0]))
        person.raw("edited_message", {**message, "caption": THREAT["en"], "edit_date": 1})
        await person.wait_for(said("en", "care.threat_now"))
        assert not scene.bot.media_calls


async def test_an_edit_into_help_or_hide_is_obeyed(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        for word in ("help", "tolong", "/help", "umbrella"):
            person = await known(scene)
            post = person.write("hallo")
            await person.wait_for(1)
            person.edit(post, word)
            await person.wait_for("15999")
        person = await known(scene)
        post = person.write(THREAT["en"])
        await person.wait_for(1)
        person.edit(post, "hide")
        await person.wait_for(lambda lines: len(lines) == 1 and lines[0].text in safety_tips())


async def test_an_edit_by_somebody_new_is_no_beginning(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = newcomer(scene)
        person.known = True
        message = {"message_id": 5, "date": 1, "edit_date": 2, "text": "hello",
                   "chat": person.chat, "from": person.user}  # fmt: skip
        post = person.raw("edited_message", message)
        await heard(scene, lambda: post.done)
        await scene.settled()
        assert not person.screen
        person.write("hi")
        await person.wait_for(1)
        assert "999" in person.screen[-1].text
        assert person.screen[-1].buttons


async def test_an_edit_twice_brought_counts_once(tmp_path: Path) -> None:
    async with stage(tmp_path, "webhook") as scene:
        person = await known(scene)
        post = person.write("menu")
        await person.wait_for(1)
        edit = await rewritten(scene, post, person, THREAT["en"])
        again = scene.bot.again(edit)
        await heard(scene, lambda: again.done)
        await scene.settled()
        assert len(history(person, said("en", "care.threat_now"))) == 1
