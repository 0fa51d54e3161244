"""The wiring: settings in, a whole Teman out. The only place where parts are put together."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import wire
from bot.errors import ContentWrong, KeysWrong, SettingsWrong
from bot.handoff.webhook import Webhook
from bot.host import delivery, lateness, timekeeping, workers
from bot.host.alarms import Alarms
from bot.host.facts import HouseFacts
from bot.host.receive import Host
from bot.library import catalogs, hours, shelf
from bot.safeguarding import assess
from bot.settings import Settings, is_loopback, is_web_address
from bot.store import vault
from bot.store.database import Store, open_store
from bot.web import app as web
from bot.web import intake, metrics

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parent.parent
KEY_FILE: Final = Path("secrets/teman.key")
"""Apart from the database, and never in the same backup (care.md, 20)."""
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
        alarms: Alarms,
        elsewhere: tuple[wire.Client, Webhook] | None = None,
    ) -> None:
        self.host = host
        self.web = web_app
        self.alarms = alarms
        self._elsewhere = elsewhere
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin the work beside the doors."""
        jobs = [
            workers.forever("timers", lambda: timekeeping.fire(self.host), workers.TICK_S),
            workers.forever("sweep", lambda: workers.sweep(self.host), workers.SWEEP_S),
        ]
        if self._elsewhere:
            _, connector = self._elsewhere
            watch = workers.forever(
                "lateness", lambda: lateness.look(self.host, self.alarms), lateness.TICK_S
            )
            jobs += [delivery.drain(self.host, connector), watch]
        self._tasks = [asyncio.create_task(job) for job in jobs]

    async def stop(self) -> None:
        """End the work, wake who waits, finish what was handed to the store, and let go of it."""
        self.host.bells.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.alarms.close()
        if self._elsewhere:
            await self._elsewhere[0].aclose()
        await self.host.store.close()


def build(settings: Settings, *, root: Path = ROOT, clock: Callable[[], int] = now_us) -> Teman:
    """Put everything together. Raises SettingsWrong, ContentWrong or KeysWrong, each naming the
    next step.
    """
    _refuse_what_is_not_built(settings)
    _check_intake(settings)
    if stale := catalogs.stale(root):
        raise ContentWrong(f"the texts are not compiled ({stale[0]}): run make venv")
    library = shelf.open_library(root)
    screen = assess.load(RULES)
    store = open_database(settings)
    host = Host(store, library, screen, facts(settings), clock=clock)
    alarms = Alarms(
        clock=clock, url=settings.alarm_url, client=wire.client() if settings.alarm_url else None
    )
    client = wire.client() if settings.intake == "webhook" else None
    elsewhere = (client, _connector(settings, client, clock)) if client else None
    return Teman(host, web.create(host, _more_doors(settings, host, alarms)), alarms, elsewhere)


def _connector(settings: Settings, client: wire.Client, clock: Callable[[], int]) -> Webhook:
    return Webhook(client, settings.intake_url, _intake_secret(settings), clock=clock)


def _more_doors(settings: Settings, host: Host, alarms: Alarms) -> list[BaseRoute]:
    """What not every Teman has: an intake elsewhere answers; metrics for whoever may see them."""
    doors = metrics.routes(host, alarms, settings.metrics_token.get_secret_value())
    if settings.intake == "webhook":
        doors += intake.routes(host, _intake_secret(settings))
    return doors


def _intake_secret(settings: Settings) -> bytes:
    return settings.intake_secret.get_secret_value().encode()


def _refuse_what_is_not_built(settings: Settings) -> None:
    """A setting that would be ignored is refused: nobody should believe that a door is open which
    is not there.
    """
    if settings.has_telegram() or settings.has_whatsapp():
        raise SettingsWrong(
            "the Telegram and WhatsApp doors are not built yet: leave their tokens unset"
        )
    if settings.intake in ("primero", "email"):
        raise SettingsWrong("TEMAN_INTAKE: only desk and webhook are built yet")


def _check_intake(settings: Settings) -> None:
    """An intake elsewhere that cannot be reached or trusted is refused before the first child."""
    if settings.alarm_url and not is_web_address(settings.alarm_url):
        raise SettingsWrong("TEMAN_ALARM_URL: an address that begins with https:// or http://")
    if settings.intake != "webhook":
        return
    if not is_web_address(settings.intake_url):
        raise SettingsWrong(
            "TEMAN_INTAKE is webhook: TEMAN_INTAKE_URL must be the intake's address, https://..."
        )
    if not settings.intake_secret.get_secret_value():
        raise SettingsWrong(
            "TEMAN_INTAKE is webhook: TEMAN_INTAKE_SECRET must be the secret both sides sign with"
        )


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
        desk_hours=hours.parse(settings.desk_hours) if settings.desk_hours else None,
        intake_elsewhere=elsewhere,
        # What a demo tells is no report: an intake with people behind it must not count it.
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
    teman.start()
    log.info(
        "Teman serves on port %d%s", settings.port, " as a demo" if teman.host.house.demo else ""
    )
    try:
        await _Server(config, teman).serve()
    finally:
        await teman.stop()
