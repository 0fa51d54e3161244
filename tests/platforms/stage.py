"""A whole Teman in this process, behind a real server, between fake platforms that speak HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal

import uvicorn

from bot import app
from bot.conversation.ids import Ids
from bot.host import desk
from bot.host.receive import Host
from bot.host.staff import Seat
from bot.messages import Words
from bot.settings import Settings
from bot.store import reports
from bot.store.vault import invent_key
from tests.conversation import talk
from tests.platforms import bot_api_people, graph_api_people
from tests.platforms.bot_api import BotApi
from tests.platforms.graph_api import GraphApi
from tests.web.site import free_port

Door = Literal["poll", "webhook", "whatsapp"]
DOORS: Final[tuple[Door, ...]] = ("poll", "webhook", "whatsapp")
Person = bot_api_people.Person | graph_api_people.Person
SECRET: Final = "fake-webhook-secret"


class Clock:
    """The time of day, µs UTC, of somebody who does not want to wait for it."""

    def __init__(self) -> None:
        self._ahead = 0
        self._stands_at: int | None = None

    def __call__(self) -> int:
        return (self._stands_at or time.time_ns() // 1000) + self._ahead

    def stand_still(self) -> None:
        """From now on it goes only when it is told to."""
        self._stands_at = time.time_ns() // 1000

    def pass_time(self, seconds: float) -> None:
        self._ahead += int(seconds * 1_000_000)


class Stage:
    """Teman and what is around it. `bot` and `graph` are the platforms of the doors that are
    open.
    """

    def __init__(
        self, teman: app.Teman, settings: dict[str, Any], url: str, bot: BotApi, graph: GraphApi
    ) -> None:
        self.teman = teman
        self.settings = settings
        self.url = url
        self.bot = bot
        self.graph = graph

    @property
    def host(self) -> Host:
        return self.teman.host

    def person(self, door: Door, **more: Any) -> Person:
        """Somebody new at that door."""
        if door == "whatsapp":
            return self.graph.person(more.pop("identity", "both"), **more)
        return self.bot.person(**more)

    async def settled(self) -> None:
        """Until everything that was sent is written down."""
        await self.teman.platforms.sender.settle()

    async def answer(self, text: str) -> None:
        """A case worker takes the newest report and writes."""
        rows = await self.host.store.run(reports.queue)
        seat = Seat("staff-1", "aisyah", "worker", ("ms", "en", "zh", "ta"), "csrf")
        case = rows[-1].case
        assert await desk.claim(self.host, seat, case) in ("done", "again")
        once = Ids(self.host.clock(), b"an answer of the desk's").take()
        result = await desk.reply(self.host, seat, case, once=once, text=Words(text), language=None)
        assert result == "done"


def given(scene: Stage) -> dict[str, Any]:
    """The settings a scene was made with."""
    return scene.settings


@asynccontextmanager
async def stage(
    folder: Path,
    *doors: Door,
    clock: Callable[[], int] = app.now_us,
    world: GraphApi | None = None,
    bot: BotApi | None = None,
    **settings: Any,
) -> AsyncIterator[Stage]:
    """The doors that are named are open. Everything ends by itself, but not a `world` or a `bot`
    that was there before: in it Teman can end and begin again.
    """
    async with AsyncExitStack() as stack:
        bot = bot or stack.enter_context(BotApi())
        graph = world or stack.enter_context(GraphApi())
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        graph.webhook_url = f"{url}/webhooks/whatsapp"
        chosen = _settings(folder, doors, bot, graph, port) | settings
        teman = app.build(Settings(_env_file=None, **chosen), clock=clock, screen=talk.screen())
        teman.start(with_platforms=True)
        stack.push_async_callback(teman.stop)
        if set(doors) != {"poll"}:  # who only polls needs no server, and starting one takes time
            await stack.enter_async_context(_served(teman, port))
        if "webhook" in doors:
            while not bot.updates.webhook:
                await asyncio.sleep(0.005)
        yield Stage(teman, chosen, url, bot, graph)


def _settings(
    folder: Path, doors: tuple[Door, ...], bot: BotApi, graph: GraphApi, port: int
) -> dict[str, Any]:
    given: dict[str, Any] = {
        "database_url": f"sqlite:///{folder}/teman.db",
        "secret_keys": invent_key(),
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
    }
    if "poll" in doors or "webhook" in doors:
        given |= {
            "telegram_token": bot.token,
            "telegram_api_url": bot.url,
            "telegram_mode": "poll" if "poll" in doors else "webhook",
            "telegram_webhook_secret": SECRET,
        }
    if "whatsapp" in doors:
        given |= {
            "whatsapp_token": graph.token,
            "whatsapp_phone_number_id": graph.phone_number_id,
            "whatsapp_app_secret": graph.secret,
            "whatsapp_verify_token": graph.verify_token,
            "whatsapp_api_url": graph.url,
            "whatsapp_account_id": graph.account_id,
        }
    return given


@asynccontextmanager
async def _served(teman: app.Teman, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(teman.web, port=port, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.005)
        yield
    finally:
        teman.host.bells.close()
        server.should_exit = True
        await asyncio.wait_for(serving, 10)
