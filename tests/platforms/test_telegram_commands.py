"""Starting, links, commands, and what Telegram shows of the bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.host import presenting
from bot.messages import LANGUAGES, Language
from bot.store.vault import invent_key
from tests.conversation.talk import library
from tests.platforms.bot_api import BotApi
from tests.platforms.stage import Stage, stage
from tests.platforms.telegram_scene import (
    heard,
    known,
    labels,
    menu_shown,
    newcomer,
    safety_tips,
)
from tests.platforms.test_story import button, said

NAMES = {language: said(language, "language.name") for language in LANGUAGES}


async def test_start_asks_for_the_language_and_a_link_answers_it(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        for payload in ("", "class_7QK2-a", "lang_", "lang_xx", "lang_klingon", "x" * 64):
            person = newcomer(scene)
            person.start(payload)
            await person.wait_for(1)
            assert set(NAMES.values()) <= set(labels(person.screen[-1])), payload
        for language in LANGUAGES:
            person = newcomer(scene)
            person.start(f"lang_{language}")
            (line,) = await person.wait_for(1)
            role = library().texts.get(language, "welcome.role", adult=True)
            assert line.text.endswith(role)
            assert button(language, "child") in labels(line)
            assert all(said(other, "welcome.demo") in line.text for other in LANGUAGES)


async def test_what_no_link_can_carry_is_harmless(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        known_one = await known(scene)
        for payload in ("x" * 65, "a b c", "உதவி", "a/b", "'; DROP TABLE chats"):
            person = newcomer(scene)
            person.write(f"/start {payload}")
            await person.wait_for(1)
            assert "999" in person.screen[-1].text
            known_one.write(f"/start {payload}")
            await known_one.wait_for(1)
            assert menu_shown()(known_one.screen), payload


async def test_a_link_changes_the_language_of_somebody_known(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene, "en")
        person.start("lang_ta")
        await person.wait_for(menu_shown("ta"))


async def obeyed(scene: Stage, language: Language, name: str, written: str) -> None:
    """One command, and what tells that it was obeyed."""
    person = await known(scene, language)
    person.write(written)
    line = (await person.wait_for(1))[-1]
    match name:
        case "help":
            assert "15999" in line.text
        case "menu":
            assert button(language, "lessons") in labels(line)
        case "language":
            assert set(NAMES.values()) <= set(labels(line))
        case "stop":
            assert said(language, "common.stopped", safe=SAFE[language]) in line.text
        case "hide":
            await person.wait_for(lambda lines: len(lines) == 1)
            assert line.text in safety_tips(language)
        case "privacy":
            assert button(language, "delete") in labels(line)
        case _:
            raise AssertionError(f"no test of {name}")


SAFE: dict[Language, str] = {"ms": "payung", "en": "umbrella", "zh": "雨伞", "ta": "குடை"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_command_is_obeyed(tmp_path: Path, language: Language) -> None:
    async with stage(tmp_path, "poll") as scene:
        for name in presenting.COMMANDS:
            for written in (f"/{name}", f"/{name}@teman_fake_bot"):
                await obeyed(scene, language, name, written)


async def test_a_command_with_more_words_is_no_command(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        person = await known(scene)
        before = len(person.screen)
        person.write("/hide and seek is what we played")
        await person.wait_for(1)
        assert len(person.screen) == before + 2


async def test_help_comes_before_anything_else_is_known(tmp_path: Path) -> None:
    async with stage(tmp_path, "poll") as scene:
        for word in ("tolong", "帮", "உதவி", "/help@x_bot"):
            person = newcomer(scene)
            person.write(word)
            (line,) = await person.wait_for(1)
            assert "999" in line.text
            assert "15999" in line.text


def told(bot: BotApi) -> int:
    """Calls that say what the bot is called and can do."""
    return sum(call.method.startswith("setMy") for call in bot.calls)


async def test_what_telegram_shows_is_told_once(tmp_path: Path) -> None:
    key = invent_key()
    with BotApi() as bot:
        for _ in range(2):
            async with stage(tmp_path, "poll", bot=bot, secret_keys=key) as scene:
                await heard(scene, lambda: ("short_description", "", "ta") in bot.profile)
                person = await known(scene)
                person.write("menu")
                await person.wait_for(menu_shown())
        assert told(bot) == 3 * (len(LANGUAGES) + 1)
    for code in ("", *LANGUAGES):
        commands = bot.profile["commands", "", code]
        assert [one["command"] for one in commands] == list(presenting.COMMANDS)
    about = [bot.profile["description", "", code] for code in LANGUAGES]
    assert len(set(about)) == len(LANGUAGES)
    assert all(texts_of and "999" in texts_of for texts_of in about)


async def test_what_was_told_in_part_is_told_again(tmp_path: Path) -> None:
    with BotApi() as bot:
        bot.troubles.only("setMyDescription")
        bot.troubles.next(1, 429)
        async with stage(tmp_path, "poll", bot=bot) as scene:
            await heard(scene, lambda: ("short_description", "", "ta") in bot.profile)
            refused = [call.method for call in bot.calls if call.status == 429]
            assert refused == ["setMyDescription"]
