"""One child's whole way, walked once at each door and in each language; the tests look at what
stood on the screen at each moment.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal, Protocol

from bot.conversation.ids import Ids
from bot.host import desk
from bot.host.receive import Host
from bot.host.staff import Seat
from bot.messages import LANGUAGES, Language, Words
from bot.store import reports
from tests.conversation.said import FRIEND, HINTS, SUICIDAL, THREAT
from tests.conversation.test_asides import DID
from tests.platforms import stage
from tests.platforms.stage import Person
from tests.platforms.test_story import button, said, whole_answer
from tests.web import web_scene

Where = Literal["poll", "webhook", "whatsapp", "web"]
WHERE: Final[tuple[Where, ...]] = ("poll", "webhook", "whatsapp", "web")
PICTURES: Final[tuple[Where, ...]] = ("poll", "whatsapp")
"""Doors through which a picture can come, each once: the page takes none."""
UNCLEAR: Final = "qwrtzp bvxk"
LESSON: Final = "C4"
ANSWER: Final = "I read it. Shall we talk?"


@dataclass(frozen=True)
class Seen:
    """What came at one moment: the words, the labels to tap, and how many messages it was."""

    text: str
    labels: tuple[str, ...]
    messages: int


@dataclass
class Walked:
    """Every moment by its name; how many pictures the bot fetched, and how its messages stood
    after *hide*.
    """

    seen: dict[str, Seen] = field(default_factory=dict)
    fetched: int = 0
    standing: list[str] = field(default_factory=list)
    pushed: list[str] = field(default_factory=list)


class Reader(Protocol):
    """Somebody at a door."""

    async def write(self, words: str) -> Seen: ...
    async def tap(self, label: str) -> Seen: ...
    async def send(self, kind: str) -> Seen: ...
    async def hide(self, word: str) -> Seen: ...
    async def standing(self) -> list[str]: ...


class AtPlatform:
    """A phone with Telegram or WhatsApp."""

    def __init__(self, person: Person, scene: stage.Stage) -> None:
        self.person = person
        self.scene = scene

    async def write(self, words: str) -> Seen:
        self.person.write(words)
        return await self._answer()

    async def tap(self, label: str) -> Seen:
        self.person.tap(label)
        return await self._answer()

    async def send(self, kind: str) -> Seen:
        picture = getattr(self.person, "send_photo", None) or getattr(
            self.person, "send_image", None
        )
        assert picture
        picture() if kind == "picture" else self.person.voice()
        return await self._answer()

    async def hide(self, word: str) -> Seen:
        self.person.write(word)
        await self.person.wait_for(1)
        await self.scene.settled()
        return _seen([line.text for line in self.person.lines.answers], ())

    async def standing(self) -> list[str]:
        await self.scene.settled()
        return [line.text for line in self.person.screen]

    async def _answer(self) -> Seen:
        await whole_answer(self.person)
        lines = self.person.lines.answers
        return _seen([line.text for line in lines], tuple(b.label for b in lines[-1].buttons))


class AtPage:
    """A browser at the chat page."""

    def __init__(self, child: web_scene.Child) -> None:
        self.child = child

    async def write(self, words: str) -> Seen:
        return self._seen(await self.child.say(words))

    async def tap(self, label: str) -> Seen:
        found = [c["token"] for c in self.child.choices if c["label"] == label]
        assert found, f"no {label} among {self.child.choices}"
        return self._seen(await self.child.act(kind="tap", token=found[0]))

    async def send(self, kind: str) -> Seen:
        raise AssertionError(f"the page takes no {kind}")

    async def hide(self, word: str) -> Seen:
        return await self.write(word)

    async def standing(self) -> list[str]:
        return [row["text"] for row in await self.child.read()]

    def _seen(self, rows: list[dict[str, object]]) -> Seen:
        labels = tuple(c["label"] for c in self.child.choices)
        return _seen([str(row["text"]) for row in rows], labels)


def _seen(texts: list[str], labels: tuple[str, ...]) -> Seen:
    return Seen("\n\n".join(texts), labels, len(texts))


@asynccontextmanager
async def at_door(folder: Path, where: Where) -> AsyncIterator[tuple[Host, Callable[[], Reader]]]:
    """The host, and somebody new at that door as often as is asked."""
    if where == "web":
        async with web_scene.door(folder, public_url=web_scene.HERE) as page:
            yield page.host, lambda: AtPage(web_scene.Child(page))
        return
    async with stage.stage(folder, where) as scene:
        yield scene.host, lambda: AtPlatform(scene.person(where), scene)
        assert not scene.bot.media_calls
        assert not scene.graph.media_calls


@cache
def walked(where: Where, language: Language) -> Walked:
    """The walk at that door, once however many tests look at it."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_walk(Path(folder), where, language))


async def _walk(folder: Path, where: Where, language: Language) -> Walked:
    done = Walked()
    async with at_door(folder, where) as (host, somebody):
        done.seen["threat_first"] = await somebody().write(THREAT[language])
        for moment, words in FIRST_WORDS.items():
            done.seen[moment] = await somebody().write(words[language])
        reader = somebody()
        await _to_the_lesson(reader, done, language)
        await _through_care(reader, done, language, pictures=where in PICTURES)
        await _to_the_report(reader, done, language)
        await _away(reader, done, host)
    return done


async def _to_the_lesson(reader: Reader, done: Walked, language: Language) -> None:
    seen = done.seen
    seen["first"] = await reader.write("hi")
    await reader.tap(said(language, "language.name"))
    await reader.tap(button(language, "child"))
    seen["about"] = await reader.tap(button(language, "band_13_17"))
    await reader.tap(button(language, "ok"))
    seen["unclear"] = await reader.write(UNCLEAR)
    await reader.tap(button(language, "lessons"))
    seen["lesson"] = await reader.tap(said(language, f"lessons.{LESSON}.title"))


async def _through_care(
    reader: Reader, done: Walked, language: Language, *, pictures: bool
) -> None:
    seen = done.seen
    seen["care"] = await reader.write(THREAT[language])
    seen["wrong"] = await reader.tap(button(language, "care_wrong"))
    await reader.write(THREAT[language])
    seen["ok"] = await reader.write("ok")
    seen["safe_word"] = await reader.write(SAFE[language])
    await reader.tap(button(language, "back"))
    if pictures:
        seen["picture"] = await reader.send("picture")
        seen["voice"] = await reader.send("voice")
    seen["help"] = await reader.tap(button(language, "care_help"))
    seen["unsafe"] = await reader.tap(button(language, "safe_no"))


async def _to_the_report(reader: Reader, done: Walked, language: Language) -> None:
    seen = done.seen
    seen["consent"] = await reader.tap(button(language, "only_me"))
    seen["sent"] = await reader.tap(button(language, "consent_yes"))
    seen["no_push"] = await reader.tap(button(language, "push_no"))


async def _away(reader: Reader, done: Walked, host: Host) -> None:
    """Hidden; then somebody answers, and nothing of it comes."""
    done.seen["hidden"] = await reader.hide("hide")
    done.standing = await reader.standing()
    await _answered(host)
    done.pushed = [text for text in await reader.standing() if text not in done.standing]
    done.seen["after"] = await reader.write("umbrella")


async def _answered(host: Host) -> None:
    seat = Seat("staff-1", "aisyah", "worker", LANGUAGES, "csrf")
    case = (await host.store.run(reports.queue))[-1].case
    assert await desk.claim(host, seat, case) in ("done", "again")
    once = Ids(host.clock(), b"an answer of the desk's").take()
    assert (
        await desk.reply(host, seat, case, once=once, text=Words(ANSWER), language=None) == "done"
    )


FIRST_WORDS: Final[dict[str, dict[Language, str]]] = {
    "hint": {language: hints[0] for language, hints in HINTS.items()},
    "suicidal": SUICIDAL,
    "friend": FRIEND,
    "did_harm": DID,
}
"""What somebody new writes as their very first message."""
SAFE: Final[dict[Language, str]] = {"ms": "PAYUNG", "en": "Umbrella", "zh": "雨伞", "ta": "குடை"}
