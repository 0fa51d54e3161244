"""What the tests of the WhatsApp door share: people who have met Teman, and looks behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.conversation.state import Conversation
from bot.errors import StoreUnavailable
from bot.messages import Chat, Language
from bot.store import chats, outbox, sends
from bot.store.database import Store, Tx
from bot.store.vault import invent_key
from tests.conversation.said import EMERGENCY, SUICIDAL, THREAT
from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_api_people import Identity, Person
from tests.platforms.screen import Line
from tests.platforms.stage import Clock, Stage, stage
from tests.platforms.test_story import ANSWER, button, onboard, said, tap, tell, write

T = TypeVar("T")
HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
PATIENCE_S: Final = 10.0
LOOK_S: Final = 0.005
SENTENCES: Final = (*THREAT.values(), *SUICIDAL.values(), *EMERGENCY.values(), ANSWER)

__all__ = ["button", "said", "tap", "tell", "write"]


@asynccontextmanager
async def open_door(folder: Path, **settings: Any) -> AsyncIterator[tuple[Stage, Clock]]:
    """Teman with WhatsApp alone, and the clock it goes by. Whatever is done: no log line, at any
    level, holds a child's sentence, the token, a number or a scoped id.
    """
    clock, log = Clock(), _Log()
    with log.open():
        async with stage(folder, "whatsapp", clock=clock, **settings) as scene:
            yield scene, clock
            secrets = {scene.graph.token, scene.graph.secret, *SENTENCES}
            secrets |= {call.chat for call in scene.graph.calls} - {""}
            secrets |= scene.graph.people.keys()
    assert log.lines
    assert [one for one in secrets if one in "\n".join(log.lines)] == []


class _Log(logging.Handler):
    """Every line of every log, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @contextmanager
    def open(self) -> Iterator[None]:
        root = logging.getLogger()
        level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.removeHandler(self)
            root.setLevel(level)


def again(folder: Path, world: GraphApi, key: str) -> Any:
    """Teman in a world that goes on while it ends and begins."""
    return stage(folder, "whatsapp", world=world, secret_keys=key)


def new_key() -> str:
    return invent_key()


async def met(scene: Stage, language: Language = "en", identity: Identity = "both") -> Person:
    """Somebody who has come to the menu."""
    person = scene.graph.person(identity)
    await onboard(person, language)
    await scene.settled()
    return person


async def told(scene: Stage, language: Language = "en", identity: Identity = "both") -> Person:
    """Somebody who has told, passed it on, and said yes to one plain line."""
    person = await met(scene, language, identity)
    await tell(person, language)
    await scene.graph.settled()
    await scene.settled()
    return person


def shown(person: Person) -> list[str]:
    """All that the bot has ever written there."""
    return [line.text for line in person.history if not line.mine]


def since(person: Person) -> str:
    """What came since the person's last deed."""
    return "\n\n".join(line.text for line in person.lines.answers)


async def state_of(scene: Stage, person: Person, address: str | None = None) -> Conversation:
    """The conversation as it is kept. Fails when nobody is known by that address."""
    chat = Chat("whatsapp", address or person.address)

    def read(tx: Tx) -> Conversation:
        found = chats.find(tx, chat)
        assert found is not None, "nobody is known by this address"
        loaded = chats.load_by_id(tx, found)
        assert loaded is not None
        return loaded.conversation

    return await scene.host.store.run(read)


async def known(scene: Stage, address: str) -> bool:
    chat = Chat("whatsapp", address)
    return await scene.host.store.run(lambda tx: chats.find(tx, chat)) is not None


async def states(scene: Stage) -> dict[str, int]:
    """How many rows of the outbox are in which state."""
    await scene.settled()
    counts = await scene.host.store.run(outbox.counts)
    return {state: number for (_, state), number in counts.items()}


async def parked(scene: Stage) -> list[str]:
    """Why messages were parked."""
    rows = await scene.host.store.run(sends.parked)
    return [reason for _, reason, _ in rows]


async def until(ready: Callable[[], Awaitable[object]], patience_s: float = PATIENCE_S) -> None:
    """Wait until a look behind the door finds what it looks for."""
    async with asyncio.timeout(patience_s):
        while not await ready():
            await asyncio.sleep(LOOK_S)


async def heard(scene: Stage, ready: Callable[[], object], what: str = "") -> None:
    """Wait until the platform has got something."""
    assert await scene.graph.bell.heard(ready, PATIENCE_S), f"in vain: {what}"


async def tried(scene: Stage, person: Person, times: int) -> None:
    """Wait until that many messages were posted to a person, whatever came of them."""
    await heard(scene, lambda: len(posts(scene, person)) >= times, f"{times} posts")


def posts(scene: Stage, person: Person) -> list[dict[str, Any]]:
    """The messages that were posted for a person, taken or refused."""
    mine = (person.phone, person.user_id)
    return [call.params for call in scene.graph.called("messages") if call.chat in mine]


def lines_of(person: Person, words: str) -> list[Line]:
    return [line for line in person.history if not line.mine and words in line.text]


class Failing:
    """A real store that can be taken away, as a full or frozen disk takes it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.gone = False

    async def run(self, fn: Callable[[Tx], T]) -> T:
        if self.gone:
            raise StoreUnavailable("the store was taken away by a test")
        return await self._store.run(fn)

    async def alone(self) -> bool:
        return await self._store.alone()

    async def close(self) -> None:
        await self._store.close()


def failing(scene: Stage) -> Failing:
    """From now on the stage's store can be taken away."""
    made = Failing(scene.host.store)
    scene.host.store = made
    return made
