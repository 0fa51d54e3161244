"""What the tests of Telegram's doors share: somebody who is known already, a clock, a store that
can be taken away, and a webhook brought by hand.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

import aiohttp
import pytest

from bot.app import now_us
from bot.messages import Language
from tests.platforms.bot_api_people import Person
from tests.platforms.screen import Line
from tests.platforms.stage import SECRET, Door, Stage
from tests.platforms.test_story import button, onboard, said
from tests.web.web_scene import FailingStore

BOTH: Final[tuple[Door, ...]] = ("poll", "webhook")
both_doors = pytest.mark.parametrize("door", BOTH)


class Clock:
    """The time as it is, and what was added to it."""

    def __init__(self) -> None:
        self.ahead_us = 0

    def __call__(self) -> int:
        return now_us() + self.ahead_us

    def passes(self, seconds: float) -> None:
        self.ahead_us += int(seconds * 1_000_000)


def newcomer(scene: Stage) -> Person:
    return cast(Person, scene.person("poll"))


async def known(scene: Stage, language: Language = "en") -> Person:
    """Somebody who has come to the menu; all they were sent is written down."""
    person = newcomer(scene)
    await onboard(person, language)
    await scene.settled()
    return person


def fragile(scene: Stage) -> FailingStore:
    """From now on Teman's store can be taken away."""
    store = FailingStore(scene.host.store)
    scene.host.store = store
    return store


def labels(line: Line) -> list[str]:
    return [one.label for one in line.buttons]


def menu_shown(language: Language = "en") -> Callable[[list[Line]], bool]:
    """Whether the newest line is the menu."""
    wanted = button(language, "lessons")
    return lambda lines: bool(lines) and wanted in labels(lines[-1])


def texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]


def history(person: Person, part: str) -> list[Line]:
    """What the bot ever wrote with these words in it."""
    return [line for line in person.history if not line.mine and part in line.text]


def sends(scene: Stage, person: Person) -> int:
    """Calls that wrote to this chat, refused ones too."""
    return sum(call.chat == str(person.id) for call in scene.bot.called("sendMessage"))


async def brought(
    scene: Stage, body: bytes | dict[str, Any], secret: str | None = SECRET, **headers: str
) -> tuple[int, bytes]:
    """A webhook from anybody: the status and the body of the answer."""
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with aiohttp.ClientSession(trust_env=False) as client:
        url = f"{scene.url}/webhooks/telegram"
        async with client.post(url, data=io.BytesIO(content), headers=headers) as answer:
            return answer.status, await answer.read()


def text_update(person: Person, text: str, number: int) -> dict[str, Any]:
    """An update that the platform did not number itself."""
    message = {"message_id": number, "from": person.user, "chat": person.chat, "date": 1}
    return {"update_id": number, "message": {**message, "text": text}}


async def heard(scene: Stage, ready: Callable[[], object], timeout: float = 10.0) -> None:
    """Wait until something holds at the platform."""
    assert await scene.bot.bell.heard(ready, timeout)


def safety_tips(language: Language = "en") -> set[str]:
    return {said(language, f"hide.tip_{number}") for number in (1, 2, 3)}
