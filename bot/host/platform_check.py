"""What the platforms say of us, for `doctor`: each finding names the step of docs/platforms.md that
mends it.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from bot import wire
from bot.channels.telegram import Telegram, WebhookState
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_form import LOCALES
from bot.errors import SendFailed, SendLater
from bot.host.doctor import Finding

T = TypeVar("T")
PORTS: Final = (443, 80, 88, 8443)
"""Where Telegram is willing to call."""


class Outside(msgspec.Struct, frozen=True):
    """How the platforms reach this server. `telegram_webhook` is None where Telegram is polled;
    `pretend` where the platforms are fake ones on this machine.
    """

    telegram_webhook: str | None
    whatsapp_webhook: str
    verify_token: str
    account_id: str
    template: str
    pretend: bool = False

    def __repr__(self) -> str:
        return "Outside(...)"


async def telegram(channel: Telegram, outside: Outside) -> list[Finding]:
    """Is the token taken, and do updates come?"""
    try:
        name = await channel.who()
        state = await channel.webhook()
    except SendFailed as error:
        advice = f"{error}: TEMAN_TELEGRAM_TOKEN is what BotFather gave (Telegram, step 2)"
        if isinstance(error, SendLater):
            advice = f"Telegram does not answer ({error}): is this server's way out open?"
        return [Finding("telegram token", False, advice)]
    return [Finding("telegram token", True, f"the bot is @{name}"), _updates(state, outside)]


def _updates(state: WebhookState, outside: Outside) -> Finding:
    wanted = outside.telegram_webhook
    if wanted is None:
        advice = "asked for, as TEMAN_TELEGRAM_MODE is poll"
        if state.url:
            advice = "a webhook is set elsewhere: start Teman once and it is taken away"
        return Finding("telegram updates", not state.url, advice)
    if not outside.pretend and not callable_by_telegram(wanted):
        advice = "TEMAN_PUBLIC_URL must begin with https:// on port 443, 80, 88 or 8443"
        return Finding("telegram updates", False, f"{advice} (Telegram, step 5)")
    if state.url != wanted:
        advice = "the webhook is not set to this server: start Teman and look at its log"
        return Finding("telegram updates", False, f"{advice} (Telegram, step 5)")
    if state.troubled:
        advice = f"{state.waiting} wait; Telegram could not reach this server lately"
        return Finding("telegram updates", not state.waiting, advice)
    return Finding("telegram updates", True, "the webhook is set")


def callable_by_telegram(url: str) -> bool:
    """Whether Telegram is willing to post to an address."""
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.port or 443) in PORTS


async def whatsapp(channel: WhatsApp, outside: Outside) -> list[Finding]:
    """Is the token taken, does Meta reach us, and are the templates approved?"""
    return [
        await _number(channel),
        await _reached(outside),
        *await _account(channel, outside),
    ]


async def _number(channel: WhatsApp) -> Finding:
    found = await _asked(channel.number())
    if isinstance(found, SendFailed):
        advice = f"{found}: token and phone number id belong together (WhatsApp, steps 3 and 4)"
        if isinstance(found, SendLater):
            advice = f"WhatsApp does not answer ({found}): is this server's way out open?"
        return Finding("whatsapp number", False, advice)
    quality = found.get("quality_rating", "UNKNOWN")
    return Finding("whatsapp number", quality != "RED", f"answers, quality {quality}")


async def _reached(outside: Outside) -> Finding:
    """Calls our own webhook at its public address, as Meta does to verify it."""
    what = "whatsapp webhook"
    if not outside.pretend and not outside.whatsapp_webhook.startswith("https://"):
        return Finding(what, False, "TEMAN_PUBLIC_URL must begin with https:// (WhatsApp, step 5)")
    asked = {
        "hub.mode": "subscribe", "hub.verify_token": outside.verify_token, "hub.challenge": "teman",
    }  # fmt: skip
    try:
        async with wire.client() as client:
            answer = await client.get(outside.whatsapp_webhook, params=asked)
    except wire.Broken as error:
        advice = f"does not answer at TEMAN_PUBLIC_URL ({type(error).__name__}): is Teman running?"
        return Finding(what, False, f"{advice} (WhatsApp, step 5)")
    well = answer.status_code == 200 and answer.text == "teman"
    advice = "answers" if well else f"something else answers there ({answer.status_code})"
    return Finding(what, well, advice)


async def _account(channel: WhatsApp, outside: Outside) -> list[Finding]:
    if not outside.account_id:
        advice = "set TEMAN_WHATSAPP_ACCOUNT_ID to have them looked at (WhatsApp, step 7)"
        return [Finding("whatsapp templates", False, advice)]
    return [await _subscribed(channel, outside), await _templates(channel, outside)]


async def _subscribed(channel: WhatsApp, outside: Outside) -> Finding:
    found = await _asked(channel.subscribed(outside.account_id))
    if isinstance(found, SendFailed):
        return Finding("whatsapp subscription", False, f"{found} (WhatsApp, step 6)")
    advice = "messages come here" if found else "no app gets the messages (WhatsApp, step 6)"
    return Finding("whatsapp subscription", found, advice)


async def _templates(channel: WhatsApp, outside: Outside) -> Finding:
    found = await _asked(channel.templates(outside.account_id))
    if isinstance(found, SendFailed):
        return Finding("whatsapp templates", False, f"{found} (WhatsApp, step 7)")
    waiting = [code for code in LOCALES.values() if found.get(code) != "APPROVED"]
    if not waiting:
        return Finding("whatsapp templates", True, f"{outside.template} in four languages")
    advice = f"{outside.template} is not approved in {', '.join(waiting)} (WhatsApp, step 7)"
    return Finding("whatsapp templates", False, advice)


async def _asked(call: Awaitable[T]) -> T | SendFailed:
    try:
        return await call
    except SendFailed as error:
        return error
