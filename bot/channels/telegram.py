"""Telegram: sends, deletes, asks for updates, and tells Telegram what the bot is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from telegram import Bot, BotCommand
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels import telegram_form
from bot.channels.telegram_wire import TelegramWire, TooFast
from bot.errors import SendFailed, SendLater, SendNever, SendStopped
from bot.messages import ChannelName, Chat, Language, Outbound, Outgoing

POLL_S: Final = 25
"""Seconds a call for updates waits at Telegram."""
BATCH: Final = 100
DELETED_AT_ONCE: Final = 100
ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""What is asked for; reactions, groups' members and inline queries never come."""
CONNECTIONS: Final = 40
_GONE: Final = ("chat not found", "user is deactivated", "peer_id_invalid")


def _plain(outgoing: Outgoing) -> dict[str, Any]:
    return telegram_form.message(outgoing.in_words())


class WebhookState(msgspec.Struct, frozen=True):
    """Where Telegram posts to ("" while it is polled), what waits, whether it met an error."""

    url: str
    waiting: int
    troubled: bool


class Telegram:
    """The Bot API for one bot. `api_url` is what stands before `/bot<token>/`; `pictures` gives the
    picture of a name.
    """

    name: ChannelName = "telegram"
    removes = True

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        pictures: Callable[[str], bytes | None] = lambda _: None,
        answer_s: float = 10.0,
    ) -> None:
        self._pictures = pictures
        self._wire = TelegramWire(answer_s=answer_s)
        self._poll_wire = TelegramWire(answer_s=POLL_S + answer_s)
        self._bot = Bot(
            token, base_url=f"{api_url}/bot", base_file_url=f"{api_url}/file/bot",
            request=self._wire, get_updates_request=self._poll_wire,
        )  # fmt: skip
        self._send_url = f"{self._bot.base_url}/sendMessage"
        self._photo_url = f"{self._bot.base_url}/sendPhoto"
        self._answer_url = f"{self._bot.base_url}/answerCallbackQuery"
        self._poll_url = f"{self._bot.base_url}/getUpdates"

    async def send(self, outbound: Outbound) -> str:
        """Send one message; gives its id in the chat. Raises SendFailed."""
        outgoing = outbound.outgoing
        picture = await self._picture(outgoing.picture) if outgoing.picture else None
        form = telegram_form.under_picture(outgoing) if picture else _plain(outgoing)
        form["chat_id"] = outbound.chat.address
        url = self._photo_url if picture else self._send_url
        try:
            sent: Any = await self._wire.call(url, form, picture)
            return str(sent["message_id"])
        except TelegramError as error:
            raise failure(error) from error
        except (KeyError, TypeError):
            raise SendLater("an answer without a message", unreachable=True) from None

    async def _picture(self, name: str) -> bytes | None:
        """Drawing takes some milliseconds that belong to everybody."""
        return await asyncio.to_thread(self._pictures, name)

    async def remove(self, chat: Chat, ids: Sequence[str]) -> None:
        """Delete messages of either side from the chat; what is too old or gone is passed over.

        Raises SendFailed where that may be tried again.
        """
        numbers = [int(number) for number in ids if number.isdigit()]
        for start in range(0, len(numbers), DELETED_AT_ONCE):
            await self._remove(int(chat.address), numbers[start : start + DELETED_AT_ONCE])

    async def _remove(self, chat: int, numbers: Sequence[int]) -> None:
        """One message that may not be deleted must not keep all others: what is refused together
        is tried in halves.
        """
        try:
            await self._bot.delete_messages(chat, numbers)
        except BadRequest:
            half = len(numbers) // 2
            for some in (numbers[:half], numbers[half:]) if half else ():
                await self._remove(chat, some)
        except TelegramError as error:
            raise failure(error) from error

    async def attend(self, message_id: str) -> None:
        """Telegram shows by itself that a message was read."""

    async def answer(self, callback_id: str) -> None:
        """Tell the app that a tap was taken, so that its button stops turning. Raises
        SendFailed.
        """
        try:
            await self._wire.call(self._answer_url, {"callback_query_id": callback_id})
        except TelegramError as error:
            raise failure(error) from error

    async def updates(self, offset: int | None) -> list[Any]:
        """Updates from `offset` on, undecoded; those below it are confirmed by this. Raises
        SendFailed.
        """
        form = {"timeout": str(POLL_S), "limit": str(BATCH), "allowed_updates": _list(ALLOWED)}
        if offset is not None:
            form["offset"] = str(offset)
        try:
            found: Any = await self._poll_wire.call(self._poll_url, form)
        except TelegramError as error:
            raise failure(error) from error
        if not isinstance(found, list):
            raise SendLater("an answer without updates", unreachable=True)
        return found

    # -- setting up, and looking

    async def use_webhook(self, url: str, secret: str) -> None:
        """Let Telegram post updates to `url`, with the secret. Raises SendFailed."""
        await _asked(
            self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED, max_connections=CONNECTIONS
            )
        )

    async def use_polling(self) -> None:
        """No webhook: updates are asked for. What waits is kept. Raises SendFailed."""
        await _asked(self._bot.delete_webhook())

    async def present(
        self, language: Language | None, commands: Mapping[str, str], about: str, short: str
    ) -> None:
        """What the app shows of the bot in a language; None: in all others. Raises SendFailed."""
        rows = [BotCommand(name, text) for name, text in commands.items()]
        await _asked(self._bot.set_my_commands(rows, language_code=language))
        await _asked(self._bot.set_my_description(about, language_code=language))
        await _asked(self._bot.set_my_short_description(short, language_code=language))

    async def who(self) -> str:
        """The bot's user name: the token works. Raises SendFailed."""
        return str((await _asked(self._bot.get_me())).username)

    async def webhook(self) -> WebhookState:
        """What Telegram knows of the webhook. Raises SendFailed."""
        found = await _asked(self._bot.get_webhook_info())
        return WebhookState(found.url, found.pending_update_count, bool(found.last_error_message))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.shutdown()
        await self._poll_wire.shutdown()


def failure(error: TelegramError) -> SendFailed:
    """What to do about an error of the Bot API. The reason is ours: Telegram's own text may hold
    what was sent.
    """
    match error:
        case TooFast():
            return SendLater("too fast", error.wait_s)
        case Forbidden():
            return SendNever("blocked by the user", blocked=True)
        case Conflict():
            return SendStopped("another program asks for the updates, or a webhook is set")
        case InvalidToken():
            return SendStopped("Telegram does not know the token")
        case BadRequest():
            gone = any(sign in error.message.lower() for sign in _GONE)
            return SendNever("no such chat" if gone else "refused as malformed", blocked=gone)
        case _:
            return SendLater(type(error).__name__, unreachable=True)


async def _asked(call: Any) -> Any:
    try:
        return await call
    except TelegramError as error:
        raise failure(error) from error


def _list(names: Sequence[str]) -> str:
    return "[" + ",".join(f'"{name}"' for name in names) + "]"
