"""A child taps, learns, tells, and a person answers: over Telegram and WhatsApp as on the web."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.messages import LANGUAGES, Language
from bot.store import outbox, reports
from tests.conversation.said import THREAT
from tests.conversation.talk import library
from tests.platforms.screen import Line
from tests.platforms.stage import DOORS, Door, Person, Stage, stage

ANSWER = "Thank you. I read what you wrote. Shall we talk this evening?"


def said(language: Language, key: str, **values: object) -> str:
    return library().texts.get(language, key, adult=False, **values)


def button(language: Language, name: str) -> str:
    return said(language, f"button.{name}")


async def tap(person: Person, label: str) -> str:
    """Tap, and read what comes."""
    person.tap(label)
    return await whole_answer(person)


async def write(person: Person, words: str) -> str:
    person.write(words)
    return await whole_answer(person)


async def whole_answer(person: Person) -> str:
    """An answer may come in parts; the last one carries the choices."""
    await person.wait_for(lambda _: person.lines.answers and person.lines.answers[-1].buttons)
    return text(person.lines.answers)


def text(lines: list[Line]) -> str:
    return "\n\n".join(line.text for line in lines)


async def onboard(person: Person, language: Language) -> None:
    """From the first word to the menu."""
    first = await write(person, "hi")
    assert "999" in first
    assert all(said(code, "welcome.demo") in first for code in LANGUAGES)
    await tap(person, said(language, "language.name"))
    await tap(person, button(language, "child"))
    about = await tap(person, button(language, "band_13_17"))
    assert "Rumah" in about or "Teman" in about
    await tap(person, button(language, "ok"))


async def learn(person: Person, language: Language) -> None:
    """Three steps of a lesson."""
    await tap(person, button(language, "lessons"))
    await tap(person, said(language, "lessons.C4.title"))
    for _ in range(3):
        line = person.screen[-1]
        assert line.buttons[-1].label == button(language, "help")
        await tap(person, line.buttons[0].token)


async def tell(person: Person, language: Language) -> str:
    """The disclosure, up to the report's reference and the end of the questions."""
    care = await write(person, THREAT[language])
    assert said(language, "care.threat_now") in care
    help_now = await tap(person, button(language, "care_help"))
    assert "15999" in help_now
    await tap(person, button(language, "safe_yes"))
    await tap(person, button(language, "only_me"))
    sent = await tap(person, button(language, "consent_yes"))
    await tap(person, button(language, "push_yes"))
    for _ in range(3):
        if any(b.label == button(language, "skip") for b in person.screen[-1].buttons):
            await tap(person, button(language, "skip"))
    return sent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("door", DOORS)
async def test_a_child_learns_tells_and_is_answered(
    tmp_path: Path, door: Door, language: Language, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage(tmp_path, door) as scene:
        person = scene.person(door)
        await onboard(person, language)
        await learn(person, language)
        sent = await tell(person, language)
        rows = await scene.host.store.run(reports.queue)
        assert [row.channel for row in rows] == [scene_channel(door)]
        assert str(rows[0].reference) in sent
        await answered(scene, person, language)
        counts = await scene.host.store.run(outbox.counts)
        assert {state for _, state in counts} == {"sent"}
        assert not scene.bot.media_calls
        assert not scene.graph.media_calls
    secrets = (scene.bot.token, scene.graph.token, THREAT[language], ANSWER)
    assert [line for line in secrets if line in caplog.text] == []


async def answered(scene: Stage, person: Person, language: Language) -> None:
    """The case worker's words come, and the child's reach the case worker."""
    person.write("menu")
    await person.wait_for(1)
    await scene.settled()
    await scene.answer(ANSWER)
    await person.wait_for(said(language, "relay.neutral"))
    assert ANSWER not in text(list(person.screen))
    await write(person, "open")
    await person.wait_for(ANSWER)
    shown = text(person.lines.answers)
    assert ANSWER in shown
    await write(person, "ok terima kasih")
    await scene.settled()
    case = (await scene.host.store.run(reports.queue))[0].case
    lines = await scene.host.store.run(lambda tx: reports.words(tx, case))
    assert lines[-1].text.reveal() == "ok terima kasih"


def scene_channel(door: Door) -> str:
    return "whatsapp" if door == "whatsapp" else "telegram"
