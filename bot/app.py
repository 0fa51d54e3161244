"""The wiring: settings in, a whole Teman out. The only place where parts are put together."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette

from bot import doors, wire
from bot.errors import ContentWrong, KeysWrong, SettingsWrong
from bot.handoff.webhook import Webhook
from bot.host import delivery, doctor, lateness, timekeeping, workers
from bot.host.alarms import Alarms
from bot.host.facts import HouseFacts
from bot.host.platforms import Platforms
from bot.host.receive import Host
from bot.library import catalogs, hours, shelf
from bot.safeguarding import assess
from bot.settings import Settings, is_loopback
from bot.store import vault
from bot.store.database import Store, open_store
from bot.web import app as web

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parent.parent
KEY_FILE: Final = Path("secrets/teman.key")
"""Apart from the database, and never in the same backup (care.md, 20)."""
COLLECTIONS: Final = (10_000, 20, 20)
"""Python looks for garbage after 700 new objects; a message makes that many and leaves none."""
RULES: Final = ROOT / "bot" / "safeguarding" / "rules"


def now_us() -> int:
    """The clock: µs UTC."""
    return time.time_ns() // 1000


class Teman:
    """A whole Teman: the host, its web application, and the work beside the doors. `elsewhere` is
    the client and the connector of an intake elsewhere, if there is one.
    """

    def __init__(
        self,
        host: Host,
        web_app: Starlette,
        platforms: Platforms,
        alarms: Alarms,
        elsewhere: tuple[wire.Client, Webhook] | None = None,
    ) -> None:
        self.host = host
        self.web = web_app
        self.platforms = platforms
        self.alarms = alarms
        self._elsewhere = elsewhere
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, *, with_platforms: bool) -> None:
        """Begin the work beside the doors. The terminal leaves the platforms to the server."""
        jobs = [
            workers.forever("timers", lambda: timekeeping.fire(self.host), workers.TICK_S),
            workers.forever("sweep", lambda: workers.sweep(self.host), workers.SWEEP_S),
        ]
        if with_platforms:
            jobs += self.platforms.work()
        if self._elsewhere:
            _, connector = self._elsewhere
            watch = workers.forever(
                "lateness", lambda: lateness.look(self.host, self.alarms), lateness.TICK_S
            )
            jobs += [delivery.drain(self.host, connector), watch]
        self._tasks = [asyncio.create_task(job) for job in jobs]
        for task in self._tasks:
            task.add_done_callback(self._tell_of_end)

    def _tell_of_end(self, task: asyncio.Task[None]) -> None:
        """Work that ends by an error must not end unseen. Its own text could hold anything."""
        if not task.cancelled() and (error := task.exception()):
            self.alarms.sound("work beside the doors ended", type(error).__name__)

    async def stop(self) -> None:
        """End the work, wake who waits, finish what is under way and what was handed to the store,
        and let go of it.
        """
        self.host.bells.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.platforms.close()
        await self.alarms.close()
        if self._elsewhere:
            await self._elsewhere[0].aclose()
        await self.host.store.close()


def build(
    settings: Settings,
    *,
    root: Path = ROOT,
    clock: Callable[[], int] = now_us,
    screen: assess.Screen | None = None,
) -> Teman:
    """Put everything together. Raises SettingsWrong, ContentWrong or KeysWrong, each naming the
    next step. `screen`: the rules, where they are compiled already.
    """
    doors.check(settings)
    if stale := catalogs.stale(root):
        raise ContentWrong(f"the texts are not compiled ({stale[0]}): run make venv")
    library = shelf.open_library(root)
    screen = screen or assess.load(RULES)
    store = open_database(settings)
    host = Host(store, library, screen, facts(settings), clock=clock)
    alarms = Alarms(
        clock=clock, url=settings.alarm_url, client=wire.client() if settings.alarm_url else None
    )
    opened = doors.platforms(settings, host, alarm=alarms.sound)
    more = doors.routes(settings, host, opened, alarms)
    return Teman(host, web.create(host, more), opened, alarms, doors.elsewhere(settings, clock))


def facts(settings: Settings) -> HouseFacts:
    """What the doors and the engine may know of the settings."""
    elsewhere = settings.intake == "webhook"
    return HouseFacts(
        operator=settings.operator_name,
        safe_words=settings.quiet_words(),
        demo=settings.is_demo(),
        public_url=settings.url(),
        exit_url=settings.exit_url,
        no_answer_policy=settings.handoff_without_answer == "emergency",
        under_13=settings.under_13,
        web_secure=settings.url().startswith("https://"),
        retention_days=settings.retention_days,
        reviewed_only=settings.serve_reviewed_only,
        desk_hours=hours.parse(settings.desk_hours, settings.desk_state)
        if settings.desk_hours
        else None,
        billed_limit=settings.whatsapp_monthly_limit,
        intake_elsewhere=elsewhere,
        # What a demo tells is no report: an intake with people behind it must not count it.
        break_glass=settings.break_glass,
        drills_only=elsewhere and settings.is_demo() and not is_loopback(settings.intake_url),
    )


def open_database(settings: Settings) -> Store:
    """The store, with the operator's keys. A key is invented only for a new embedded database."""
    url = settings.database_url
    keys = settings.secret_keys.get_secret_value() or _embedded_key(url)
    if url.startswith("sqlite:///"):
        _make_folder(Path(url.removeprefix("sqlite:///")).parent)
    return open_store(url, vault.Vault(vault.parse_keys(keys)))


def _make_folder(folder: Path) -> None:
    """A folder that only its owner may look into."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsWrong(f"the folder {folder} cannot be made: {error.strerror}") from error


def _embedded_key(url: str) -> str:
    if KEY_FILE.exists():
        return _read_key()
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or path.exists():
        raise KeysWrong(
            f"TEMAN_SECRET_KEYS is not set and there is no {KEY_FILE}: "
            "give the key of this database"
        )
    return _invent_key()


def _invent_key() -> str:
    """A new key, readable by its owner alone; made under another name first, so half a key is never
    read.
    """
    _make_folder(KEY_FILE.parent)
    draft = KEY_FILE.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(vault.invent_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        # Of two that start at once only one can make the link; the other reads its key.
        os.link(draft, KEY_FILE)
        log.warning("made a new key in %s: keep a copy of it apart from the database", KEY_FILE)
    except FileExistsError:
        pass
    except OSError as error:
        raise KeysWrong(f"{KEY_FILE} cannot be made: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return _read_key()


def _read_key() -> str:
    try:
        return KEY_FILE.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeysWrong(f"{KEY_FILE} cannot be read: put the key back from its copy") from error


# -- serving


class _Server(uvicorn.Server):
    """Wakes open streams before it waits for them to end."""

    def __init__(self, config: uvicorn.Config, teman: Teman) -> None:
        super().__init__(config)
        self._teman = teman

    async def shutdown(self, sockets: object = None) -> None:
        self._teman.host.bells.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]
        # Here, for uvicorn raises the signal again before `serve` returns.
        await self._teman.stop()


async def serve(settings: Settings) -> None:
    """Serve until a signal ends it."""
    teman = build(settings)
    config = uvicorn.Config(
        teman.web, host=settings.host, port=settings.port, log_config=None, access_log=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=4,
    )  # fmt: skip
    teman.start(with_platforms=True)
    # Lessons and catalogs stay as long as the process: no collection need look at them again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)
    log.info(
        "Teman serves on port %d%s", settings.port, " as a demo" if teman.host.house.demo else ""
    )
    if not teman.host.house.demo:
        for finding in doctor.for_children(ROOT, demo=False):
            if not finding.well:
                log.warning("NOT READY FOR CHILDREN: %s: %s", finding.what, finding.advice)
    try:
        await _Server(config, teman).serve()
    finally:
        await teman.stop()
