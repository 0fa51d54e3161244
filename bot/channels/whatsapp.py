"""WhatsApp's Cloud API: sends, marks as read, checks a signature, and looks whether all is well."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from bot import wire
from bot.channels import whatsapp_errors, whatsapp_form
from bot.errors import SendFailed, SendLater
from bot.messages import ChannelName, Chat, Outbound, Template

_PREFIX: Final = "sha256="
_encode = msgspec.json.Encoder().encode


class _Taken(msgspec.Struct):
    class Message(msgspec.Struct):
        id: str

    messages: list[Message]


_taken = msgspec.json.Decoder(_Taken).decode


class WhatsApp:
    """The Cloud API for one phone number. `api_url` is what stands before
    `/{phone_number_id}/messages`.
    """

    name: ChannelName = "whatsapp"
    removes = False

    def __init__(
        self,
        token: str,
        number_id: str,
        api_url: str,
        *,
        templates: dict[Template, str],
        answer_s: float = wire.ANSWER_S,
    ) -> None:
        self._wire = wire.Wire(answer_s=answer_s)
        self._client = wire.client(answer_s=answer_s)
        self._api_url = api_url
        self._number_id = number_id
        self._url = wire.Address(f"{api_url}/{number_id}/messages")
        self._bearer = {"Authorization": f"Bearer {token}"}
        self._headers = self._bearer | {"Content-Type": "application/json"}
        self._templates = templates

    async def send(self, outbound: Outbound) -> None:
        """Send one message. Raises SendFailed."""
        form = whatsapp_form.message(
            outbound.chat, outbound.outgoing, key=outbound.id, templates=self._templates
        )
        status, body = await self._post(form)
        if not 200 <= status < 300:
            raise whatsapp_errors.failure(status, body, outbound.attempts)
        try:
            _taken(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise SendLater("an answer without a message", unreachable=True) from None

    async def remove(self, chat: Chat, ids: Sequence[str]) -> None:
        """Nothing can be deleted from somebody's WhatsApp."""

    async def attend(self, message_id: str) -> None:
        """Show that the message was read and that an answer is coming. Raises SendFailed."""
        status, body = await self._post(
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": message_id,
                "typing_indicator": {"type": "text"},
            }
        )
        if not 200 <= status < 300:
            raise whatsapp_errors.failure(status, body, 1)

    async def _post(self, form: dict[str, Any]) -> tuple[int, bytes]:
        try:
            return await self._wire.post(self._url, _encode(form), self._headers)
        except wire.Broken as error:
            raise SendLater(type(error).__name__, unreachable=True) from error

    # -- looking

    async def number(self) -> dict[str, Any]:
        """What Meta says of the phone number: the token works. Raises SendFailed."""
        fields = "display_phone_number,verified_name,quality_rating"
        return await self._get(f"{self._api_url}/{self._number_id}", {"fields": fields})

    async def templates(self, account_id: str) -> dict[str, str]:
        """Language -> review state of the notice's template. Raises SendFailed."""
        name = self._templates["notice"]
        found = await self._get(
            f"{self._api_url}/{account_id}/message_templates",
            {"name": name, "fields": "name,language,status", "limit": "100"},
        )
        rows = [row for row in found.get("data", ()) if row.get("name") == name]
        return {str(row.get("language")): str(row.get("status")) for row in rows}

    async def subscribed(self, account_id: str) -> bool:
        """Whether an app gets the webhooks of the account. Raises SendFailed."""
        found = await self._get(f"{self._api_url}/{account_id}/subscribed_apps", {})
        return bool(found.get("data"))

    async def _get(self, url: str, params: dict[str, str]) -> dict[str, Any]:
        try:
            answer = await self._client.get(url, params=params, headers=self._bearer)
        except wire.Broken as error:
            raise SendLater(type(error).__name__, unreachable=True) from error
        if not answer.is_success:
            raise whatsapp_errors.failure(answer.status_code, answer.content, 1)
        try:
            return msgspec.json.decode(answer.content, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise SendLater("an answer that is no JSON", unreachable=True) from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.aclose()
        await self._client.aclose()


def signed_by(secret: bytes, body: bytes, signature: str) -> bool:
    """Whether X-Hub-Signature-256 is ours over these very bytes. In constant time; the older sha1
    header does not count.
    """
    if not signature.startswith(_PREFIX) or not signature.isascii():
        return False
    # Not hmac.digest: it gives up the interpreter for every body, and waits to get it back.
    mine = hmac.new(secret, body, "sha256").hexdigest()
    return hmac.compare_digest(mine, signature.removeprefix(_PREFIX).lower())


def failed(code: int) -> SendFailed:
    """What follows from a receipt that says a message, once taken, did not arrive."""
    return whatsapp_errors.of_code(code, 400, 1)
