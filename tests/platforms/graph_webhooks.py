"""The webhooks of the Cloud API: envelopes, the bytes as Meta writes them, and their signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any, Final, Literal

from tests.platforms.graph_limits import TITLES

Shape = Literal["messages", "changes", "entries"]
Forgery = Literal["wrong", "absent", "sha1 only", "foreign body"]
HEADER: Final = "X-Hub-Signature-256"
PRICING: Final = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service"}


def written(value: object) -> bytes:
    """JSON as Meta sends it: all that is not ASCII escaped, and slashes too."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 over these very bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def forged(secret: str, body: bytes, how: Forgery) -> dict[str, str]:
    """Headers of somebody who does not know the secret, or has seen another body."""
    match how:
        case "wrong":
            return {HEADER: "sha256=" + "0" * 64}
        case "absent":
            return {}
        case "sha1 only":
            mac = hmac.new(secret.encode(), body, hashlib.sha1)
            return {"X-Hub-Signature": f"sha1={mac.hexdigest()}"}
        case "foreign body":
            return {HEADER: signature(secret, body + b" ")}


class Envelopes:
    """Wraps values for one business number."""

    def __init__(self, account_id: str, phone_number_id: str, display: str) -> None:
        self.account_id = account_id
        self._head = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": display, "phone_number_id": phone_number_id},
        }

    def value(self, **parts: Any) -> dict[str, Any]:
        """`value` of a change: contacts, messages, statuses, errors."""
        return {**self._head, **{name: part for name, part in parts.items() if part}}

    def whole(
        self, values: Sequence[dict[str, Any]], shape: Shape = "changes", field: str = "messages"
    ) -> dict[str, Any]:
        """One webhook of several values: in one entry, or an entry each."""
        changes = [{"value": value, "field": field} for value in values]
        groups = [[one] for one in changes] if shape == "entries" else [changes]
        entries = [{"id": self.account_id, "changes": group} for group in groups]
        return {"object": "whatsapp_business_account", "entry": entries}

    def joined(self, values: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Several values as one, its messages and contacts one after the other."""
        messages = [one for value in values for one in value.get("messages", [])]
        contacts = [one for value in values for one in value.get("contacts", [])]
        different = [one for n, one in enumerate(contacts) if one not in contacts[:n]]
        return self.value(contacts=different, messages=messages)


def errors(code: int, details: str) -> list[dict[str, Any]]:
    """`errors` of a message, a status or a value."""
    title = TITLES.get(code, "Something went wrong")
    href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
    said = {"code": code, "title": title, "message": title, "error_data": {"details": details}}
    return [{**said, "href": href}]


def status(
    id: str, state: str, when: float, address: dict[str, str], mark: str, code: int | None
) -> dict[str, Any]:
    """One receipt."""
    said: dict[str, Any] = {"id": id, "status": state, "timestamp": str(int(when)), **address}
    if mark:
        said["biz_opaque_callback_data"] = mark
    if state == "failed":
        said["errors"] = errors(code or 131026, "Message undeliverable.")
    elif state in ("sent", "delivered", "read"):
        said["pricing"] = {**PRICING, "category": "service"}
    return said
