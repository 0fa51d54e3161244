"""The Bot API over python-telegram-bot's request, with what it would print or lose put right.

python-telegram-bot logs the whole of an answer that is no JSON, and such an answer may hold
children's words; and it turns a 429 into a warning about its own future. Both end here.
"""

from __future__ import annotations

from typing import Any, Final, cast

import msgspec
from telegram.error import TelegramError
from telegram.request import HTTPXRequest, RequestData

from bot.channels import telegram_updates
from bot.wire import CONNECT_S, Wire

TOO_MANY: Final = 429


class TooFast(TelegramError):
    """429: the same may be sent again after `wait_s` seconds."""

    __slots__ = ("wait_s",)

    def __init__(self, wait_s: float) -> None:
        super().__init__("flood control")
        self.wait_s = wait_s


class _Form(msgspec.Struct, frozen=True):
    """What the request reads of its RequestData, for parameters that are strings already."""

    json_parameters: dict[str, str]
    multipart_data: dict[str, tuple[str, bytes, str]] | None = None


class TelegramWire(HTTPXRequest):
    """python-telegram-bot's request on our own transport. `answer_s`: seconds a call may take."""

    def __init__(self, *, answer_s: float) -> None:
        super().__init__(
            read_timeout=answer_s,
            write_timeout=answer_s,
            connect_timeout=CONNECT_S,
            pool_timeout=answer_s,
            httpx_kwargs={"transport": Wire(answer_s=answer_s), "trust_env": False},
        )

    async def call(self, url: str, fields: dict[str, str], picture: bytes | None = None) -> Any:
        """One call of the Bot API, with a picture or without; gives the bare result. Raises
        TelegramError.
        """
        files = {"photo": ("chat.png", picture, "image/png")} if picture else None
        return await self.post(url, cast(RequestData, _Form(fields, files)))

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """See HTTPXRequest. Raises TooFast on 429."""
        status, body = await super().do_request(*args, **kwargs)
        if status == TOO_MANY:
            raise TooFast(_wait(body))
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. Raises TelegramError, without a letter of it, when it is none of the Bot
        API's: a proxy or a sign-in page may have answered.
        """
        answer = _object(payload)
        if "result" not in answer and "error_code" not in answer:
            raise TelegramError("the answer is none of the Bot API's")
        if not isinstance(answer.get("parameters", {}), dict):
            del answer["parameters"]
        return answer


def _object(payload: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return msgspec.convert(telegram_updates.leniently(payload), dict[str, Any])
    except (ValueError, RecursionError):
        raise TelegramError("the answer is no JSON") from None


class _Refusal(msgspec.Struct):
    class Parameters(msgspec.Struct):
        retry_after: float = 1.0

    parameters: Parameters = msgspec.field(default_factory=Parameters)


def _wait(body: bytes) -> float:
    try:
        return max(msgspec.json.decode(body, type=_Refusal).parameters.retry_after, 0.1)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return 1.0
