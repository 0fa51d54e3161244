"""What was held by hide waits for the quiet word, and comes then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platforms.stage import Door, stage
from tests.platforms.test_story import ANSWER, button, onboard, said, tap, tell, write


@pytest.mark.parametrize("door", ["webhook", "whatsapp"])
async def test_the_relay_is_held_until_the_quiet_word(tmp_path: Path, door: Door) -> None:
    async with stage(tmp_path, door) as scene:
        person = scene.person(door)
        await onboard(person, "en")
        await tell(person, "en")
        await tap(person, button("en", "menu"))
        await scene.settled()
        api = scene.graph if door == "whatsapp" else scene.bot
        api.troubles.every(1)  # the platform takes nothing: the neutral line stays unsent
        await scene.answer(ANSWER)
        await scene.settled()
        person.write("hide")
        await scene.settled()
        api.troubles.calm()
        await person.wait_for(1)
        person.write("hello")
        await person.wait_for(1)
        await scene.settled()
        neutral = said("en", "relay.neutral")
        assert not any(neutral in line.text for line in person.history)
        await write(person, "umbrella")
        await person.wait_for(neutral)
        assert not any(ANSWER in line.text for line in person.history)
