"""What Telegram shows of the bot before and beside the chat: told once, and again when a word of it
changes.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import Final

import msgspec

from bot.channels.telegram import Telegram
from bot.errors import SendFailed, SendLater, TemanError
from bot.host.receive import Host
from bot.messages import LANGUAGES, Language
from bot.store import meta

log = logging.getLogger(__name__)

COMMANDS: Final = ("help", "menu", "language", "stop", "hide", "privacy")
FALLBACK: Final[Language] = "en"
"""For an app in another language than our four."""
_MARK: Final = "telegram.presented"
_AGAIN_S: Final = 60.0


class Presentation(msgspec.Struct, frozen=True):
    """One language's commands, description and line in the profile."""

    commands: dict[str, str]
    about: str
    short: str


async def present(host: Host, telegram: Telegram) -> None:
    """Tell Telegram, until it has taken it. Does nothing where it knows all this already."""
    shown = {language: of(host, language) for language in LANGUAGES}
    mark = hashlib.sha256(msgspec.json.encode(shown)).hexdigest()
    while True:
        try:
            if await host.store.run(lambda tx: meta.get(tx, _MARK)) != mark:
                await _tell(telegram, shown)
                await host.store.run(lambda tx: meta.put(tx, _MARK, mark))
            return
        except TemanError as error:
            log.warning("telegram: its commands could not be set: %s", error)
            wait_s = error.wait_s if isinstance(error, SendLater) else None
            if isinstance(error, SendFailed) and not isinstance(error, SendLater):
                return  # a person must look; doctor says so
            await asyncio.sleep(wait_s or _AGAIN_S)


def of(host: Host, language: Language) -> Presentation:
    """The texts of one language."""
    texts = host.library.texts
    commands = {name: texts.get(language, f"telegram.{name}", adult=True) for name in COMMANDS}
    about = texts.get(language, "telegram.description", adult=True)
    return Presentation(commands, about, texts.get(language, "telegram.short", adult=True))


async def _tell(telegram: Telegram, shown: dict[Language, Presentation]) -> None:
    for language in (None, *LANGUAGES):
        one = shown[language or FALLBACK]
        await telegram.present(language, one.commands, one.about, one.short)
