"""Which doors the settings open, to platforms and to an intake elsewhere, and whether what each
needs is there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Final

from starlette.routing import BaseRoute

from bot import wire
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.errors import SettingsWrong
from bot.handoff.webhook import Webhook as Connector
from bot.host.alarms import Alarms
from bot.host.health import Alarm
from bot.host.platform_check import Outside, callable_by_telegram
from bot.host.platforms import Platforms, Webhook
from bot.host.receive import Host
from bot.settings import Settings, is_loopback, is_web_address
from bot.web import intake, metrics, webhooks

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


def check(settings: Settings) -> None:
    """Raises SettingsWrong, naming what is missing, before anything is opened."""
    if settings.has_telegram():
        _check_telegram(settings)
    if settings.has_whatsapp():
        _check_whatsapp(settings)
    # A setting that would be ignored is refused: nobody should believe in a door that is not there.
    if settings.intake in ("primero", "email"):
        raise SettingsWrong("TEMAN_INTAKE: only desk and webhook are built yet")
    if settings.alarm_url and not is_web_address(settings.alarm_url):
        raise SettingsWrong("TEMAN_ALARM_URL: an address that begins with https:// or http://")
    if settings.intake == "webhook":
        _check_intake(settings)


def _check_intake(settings: Settings) -> None:
    """An intake elsewhere that cannot be reached or trusted is refused before the first child."""
    if not is_web_address(settings.intake_url):
        raise SettingsWrong(
            "TEMAN_INTAKE is webhook: TEMAN_INTAKE_URL must be the intake's address, https://..."
        )
    encrypted = settings.intake_url.startswith("https://")
    if not encrypted and not is_loopback(settings.intake_url):
        raise SettingsWrong(
            "TEMAN_INTAKE_URL: https:// only, for children's words travel there; http:// is taken "
            "for this machine alone"
        )
    if not settings.intake_secret.get_secret_value():
        raise SettingsWrong(
            "TEMAN_INTAKE is webhook: TEMAN_INTAKE_SECRET must be the secret both sides sign with"
        )


def _check_telegram(settings: Settings) -> None:
    if not _TOKEN.fullmatch(settings.telegram_token.get_secret_value()):
        raise SettingsWrong("TEMAN_TELEGRAM_TOKEN looks like 123456:ABC..., as BotFather gave it")
    secret = settings.telegram_webhook_secret.get_secret_value()
    if settings.telegram_mode == "webhook" and not _SECRET.fullmatch(secret):
        raise SettingsWrong(
            "TEMAN_TELEGRAM_WEBHOOK_SECRET: webhook mode needs 1-256 of A-Z a-z 0-9 _ -"
        )
    pretend = is_loopback(settings.telegram_api_url)
    if settings.telegram_mode == "webhook" and not (
        pretend or callable_by_telegram(settings.url())
    ):
        raise SettingsWrong(
            "TEMAN_PUBLIC_URL: in webhook mode Telegram calls https:// on port 443, 80, 88 or 8443"
        )


def _check_whatsapp(settings: Settings) -> None:
    needed = {
        "TEMAN_WHATSAPP_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id,
        "TEMAN_WHATSAPP_APP_SECRET": settings.whatsapp_app_secret.get_secret_value(),
        "TEMAN_WHATSAPP_VERIFY_TOKEN": settings.whatsapp_verify_token.get_secret_value(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsWrong(f"WhatsApp has a token and needs {', '.join(missing)} too")


def telegram(settings: Settings, host: Host | None = None) -> Telegram | None:
    """Telegram's channel, where it has a token; with a host it shows the lessons' pictures."""
    if not settings.has_telegram():
        return None
    token = settings.telegram_token.get_secret_value()
    if host is None:
        return Telegram(token, settings.telegram_api_url)
    return Telegram(token, settings.telegram_api_url, pictures=host.library.picture)


def whatsapp(settings: Settings) -> WhatsApp | None:
    """WhatsApp's channel, where it has a token."""
    if not settings.has_whatsapp():
        return None
    return WhatsApp(
        settings.whatsapp_token.get_secret_value(),
        settings.whatsapp_phone_number_id,
        settings.whatsapp_api_url,
        templates={"notice": settings.whatsapp_template},
    )


def platforms(settings: Settings, host: Host, *, alarm: Alarm) -> Platforms:
    """The platforms that have a token; none of them has begun to work."""
    secret = settings.telegram_webhook_secret.get_secret_value()
    return Platforms(
        host,
        telegram=telegram(settings, host),
        whatsapp=whatsapp(settings),
        mode=settings.telegram_mode,
        webhook=Webhook(settings.url() + webhooks.TELEGRAM, secret),
        worker=f"{os.getpid()}",
        alarm=alarm,
    )


def outside(settings: Settings) -> Outside:
    """How the platforms reach this server, for `doctor`."""
    polled = settings.telegram_mode == "poll"
    return Outside(
        telegram_webhook=None if polled else settings.url() + webhooks.TELEGRAM,
        whatsapp_webhook=settings.url() + webhooks.WHATSAPP,
        verify_token=settings.whatsapp_verify_token.get_secret_value(),
        account_id=settings.whatsapp_account_id,
        template=settings.whatsapp_template,
        pretend=settings.is_demo(),
    )


def elsewhere(settings: Settings, clock: Callable[[], int]) -> tuple[wire.Client, Connector] | None:
    """The client and the connector of an intake elsewhere, where there is one."""
    if settings.intake != "webhook":
        return None
    client = wire.client()
    return client, Connector(client, settings.intake_url, _intake_secret(settings), clock=clock)


def _intake_secret(settings: Settings) -> bytes:
    return settings.intake_secret.get_secret_value().encode()


def routes(settings: Settings, host: Host, opened: Platforms, alarms: Alarms) -> list[BaseRoute]:
    """What not every Teman has: the webhooks of the platforms that are open, an intake elsewhere
    that answers, metrics for whoever may see them.
    """
    found = _webhooks(settings, opened, alarms.sound)
    if settings.intake == "webhook":
        found += intake.routes(host, _intake_secret(settings))
    return found + metrics.routes(host, alarms, settings.metrics_token.get_secret_value())


def _webhooks(settings: Settings, opened: Platforms, alarm: Alarm) -> list[BaseRoute]:
    found: list[BaseRoute] = []
    if opened.whatsapp is not None:
        door = webhooks.WhatsAppDoor(
            opened.arrivals,
            opened.sender.outcomes.receipts,
            app_secret=settings.whatsapp_app_secret.get_secret_value(),
            verify_token=settings.whatsapp_verify_token.get_secret_value(),
            number_id=settings.whatsapp_phone_number_id,
            alarm=alarm,
        )
        found += door.routes()
    if opened.telegram is not None and settings.telegram_mode == "webhook":
        secret = settings.telegram_webhook_secret.get_secret_value()
        found += webhooks.TelegramDoor(opened.arrivals, secret=secret).routes()
    return found
