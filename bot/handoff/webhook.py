"""The connector to an intake that speaks docs/intake.openapi.yaml: three signed calls.

It knows no store and no clock: what it is handed is sent once, and the answer is told in a word.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import msgspec

from bot import wire
from bot.handoff import signature

Kind = Literal["report", "message", "withdraw"]
Said = Literal["taken", "read", "missing", "asked_before", "ended", "refused", "later"]
WAIT_LIMIT_S: Final = 900.0
"""The longest an intake may ask us to wait; a child's report is not put off for hours."""
_WORTH_ANOTHER_TRY: Final = frozenset({408, 425, 429})
_SPECIAL: Final[dict[tuple[Kind, int], Said]] = {
    ("withdraw", 423): "read",
    ("withdraw", 404): "missing",
    ("withdraw", 409): "asked_before",
    ("report", 409): "taken",
    ("message", 409): "taken",
    ("message", 410): "ended",
}


class Answer(msgspec.Struct, frozen=True):
    """What the intake said. `reason` is a status or the kind of failure, never a word of the
    intake's; `wait_s`: seconds it asked us to wait.

    `taken`: it has it, also from before, or it has deleted what was taken back. For a report taken
    back: `read` by a person; `missing` there; `asked_before`, with the answer lost. `ended`: that
    report takes no more words. `refused` for good; `later`: worth another try.
    """

    said: Said
    reason: str
    wait_s: float | None = None


class Webhook:
    """One intake. `client` is from bot/wire.py; `clock` gives µs UTC."""

    def __init__(
        self, client: wire.Client, url: str, secret: bytes, *, clock: Callable[[], int]
    ) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._secret = secret
        self._clock = clock

    async def send(self, kind: Kind, *, case: str, id: str, body: bytes) -> Answer:
        """One call. Raises nothing of the network's: what went wrong there is `later`."""
        request = self._client.build_request(
            "POST", self._address(kind, case), content=body,
            headers={"Content-Type": "application/json", "Idempotency-Key": id},
        )  # fmt: skip
        path = request.url.raw_path.partition(b"?")[0]
        now_s = self._clock() // 1_000_000
        request.headers.update(signature.headers(self._secret, "POST", path, body, now_s=now_s))
        try:
            # Only the status counts: a body of any length is not waited for.
            response = await self._client.send(request, stream=True)
            await response.aclose()
        except wire.Broken as error:
            return Answer("later", type(error).__name__)
        wait = retry_after(response.headers.get("retry-after"), now_s=now_s)
        return meaning(kind, response.status_code, wait_s=wait)

    def _address(self, kind: Kind, case: str) -> str:
        match kind:
            case "report":
                return f"{self._url}/reports"
            case "message":
                return f"{self._url}/reports/{case}/messages"
            case _:
                return f"{self._url}/reports/{case}/withdraw"


def meaning(kind: Kind, status: int, *, wait_s: float | None = None) -> Answer:
    """What an HTTP status says about a call of that kind."""
    reason = str(status)
    special = _SPECIAL.get((kind, status))
    if special:
        return Answer(special, reason)
    if 200 <= status < 300:
        return Answer("taken", reason)
    if 400 <= status < 500 and status not in _WORTH_ANOTHER_TRY:
        return Answer("refused", reason)
    return Answer("later", reason, wait_s)


def retry_after(value: str | None, *, now_s: int) -> float | None:
    """Seconds from a Retry-After header (seconds or a date), at most WAIT_LIMIT_S; None without a
    sensible one.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), WAIT_LIMIT_S)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        wait = (moment - datetime.fromtimestamp(now_s, UTC)).total_seconds()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return min(wait, WAIT_LIMIT_S) if wait > 0 else None
