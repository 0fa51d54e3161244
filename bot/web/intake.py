"""The door an intake elsewhere answers at: docs/intake.openapi.yaml, both paths under /intake.

Machines read it. The signature is looked at over the raw bytes before anything is parsed; 202 comes
after the commit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.handoff import signature
from bot.host import intake_said
from bot.host.intake_said import Result, Standing
from bot.host.receive import Host
from bot.messages import Language, Words, clean
from bot.web import posted
from bot.web.trouble import Refused

BODY_LIMIT: Final = 65_536
"""Bytes. 4,096 characters fit, even with each written as two escapes of six."""
UUID: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Id = Annotated[str, Meta(pattern=UUID)]
Moment = Annotated[datetime, Meta(tz=True)]
T = TypeVar("T")


class Answered(msgspec.Struct, frozen=True):
    """A worker's answer as an intake sends it. It never prints."""

    id: Id
    at: Moment
    text: Annotated[str, Meta(max_length=4096)]
    language: Language | None = None

    def __repr__(self) -> str:
        return f"Answered({len(self.text)} characters)"


class Stands(msgspec.Struct, frozen=True):
    """Where a report stands at the intake. The reason is the intake's own; it is not kept."""

    id: Id
    at: Moment
    status: Standing
    reason: Annotated[str, Meta(max_length=200)] | None = None

    def __repr__(self) -> str:
        return f"Stands({self.status})"


REFUSALS: Final[dict[Result, tuple[int, str]]] = {
    "again": (409, "this id was taken before"),
    "unknown": (404, "no such report"),
    "ended": (410, "withdrawn, closed or erased"),
    "failed": (503, "not taken; try again"),
}
_ONE_ID: Final = msgspec.json.Decoder(Id)


def routes(host: Host, secret: bytes) -> list[BaseRoute]:
    """Both ways in, for calls that are signed with `secret`."""

    async def message(request: Request) -> Response:
        said = parsed(await _signed(request, host, secret), Answered)
        if not said.text.strip():
            raise Refused(422, "the text is empty")
        result = await intake_said.answer(
            host, report_of(request), once=said.id.lower(), text=Words(clean(said.text)),
            language=said.language,
        )  # fmt: skip
        return _answer(result)

    async def status(request: Request) -> Response:
        said = parsed(await _signed(request, host, secret), Stands)
        result = await intake_said.status(
            host, report_of(request), once=said.id.lower(), standing=said.status
        )
        return _answer(result)

    base = "/intake/reports/{id}"
    return [
        Route(base + "/messages", message, methods=["POST"]),
        Route(base + "/status", status, methods=["POST"]),
    ]


def parsed(body: bytes, kind: type[T]) -> T:
    """A signed body as that type. Raises Refused (422); its reason holds nothing of the body."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(422, "the body is no such message") from None


def report_of(request: Request) -> str:
    """The report's id in the path. Raises Refused (404) for what can be none."""
    try:
        return _ONE_ID.decode(msgspec.json.encode(request.path_params["id"])).lower()
    except (msgspec.MsgspecError, UnicodeEncodeError):
        raise Refused(404, "no such report") from None


async def _signed(request: Request, host: Host, secret: bytes) -> bytes:
    """The raw body of a call that the intake has signed. Raises Refused (401, 413)."""
    body = await posted.body(request, BODY_LIMIT)
    fits = signature.fits(
        secret,
        request.method,
        request.scope.get("raw_path") or request.scope["path"].encode(),
        body,
        timestamp=request.headers.get(signature.TIMESTAMP),
        signed=request.headers.get(signature.SIGNATURE),
        now_s=host.clock() // 1_000_000,
    )
    if not fits:
        raise Refused(401, "the signature is wrong, absent or old")
    return body


def _answer(result: Result) -> Response:
    if result == "taken":
        return JSONResponse({"ok": True}, 202)
    raise Refused(*REFUSALS[result])
