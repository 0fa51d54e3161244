"""Reads what a browser posts: strictly, but never losing a child's words for a broken character."""

from __future__ import annotations

import json
import re
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request

from bot.messages import TOKEN_LIMIT, Chat, Incoming, Kind, Words, clean
from bot.web import pages
from bot.web.trouble import Refused

BODY_LIMIT: Final = 131_072
"""Bytes. Ten thousand characters fit, even with each written as two escapes of six."""
HIDE: Final = "hide"
"""What the quick exit says for the child: one of the words of that command."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")

PostedKind = Literal["start", "text", "tap", "media", "voice", "hide"]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Number = Annotated[int, Meta(ge=0, le=2**53)]
T = TypeVar("T")


class Posted(msgspec.Struct, frozen=True):
    """One message as the page sends it. It never prints. `seen`: the number of the last row the
    page has shown.
    """

    id: Id
    kind: PostedKind
    text: str | None = None
    token: str | None = None
    language: str | None = None
    seen: Number | None = None

    def __repr__(self) -> str:
        return f"Posted({self.kind})"

    __str__ = __repr__


class Seen(msgspec.Struct, frozen=True):
    """The page has shown every row up to this number."""

    seq: Number


def chat_of(request: Request) -> Chat:
    """The chat of the browser's own token. Raises Refused (401)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(token.strip()):
        raise Refused(401, "a bearer token of 43 base64url characters is needed")
    return Chat("web", token.strip())


async def read(request: Request, kind: type[T]) -> T:
    """The JSON body as that type. Raises Refused (400, 413, 415)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Refused(415, "the body must be application/json")
    return decode(await body(request), kind)


async def body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The raw body. Raises Refused (413) beyond `limit` bytes, which are not read."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise Refused(413, "the body is too long")
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > limit:
            raise Refused(413, "the body is too long")
    return bytes(found)


def decode(body: bytes, kind: type[T]) -> T:
    """JSON as that type. Lone surrogates, which a browser's text may hold, become U+FFFD later on.

    Raises Refused (400); its reason holds nothing of the body.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        raise Refused(400, "a field is missing or wrong") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _leniently(body, kind)


def _leniently(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.convert(json.loads(body.decode("utf-8", "replace")), kind)
    except msgspec.ValidationError:
        raise Refused(400, "a field is missing or wrong") from None
    except (ValueError, RecursionError):
        raise Refused(400, "the body is no JSON") from None


def incoming(chat: Chat, posted: Posted) -> Incoming:
    """The message for the conversation. Media carries no text: whatever came with it is dropped."""
    kind: Kind = "text" if posted.kind == "hide" else posted.kind
    text = HIDE if posted.kind == "hide" else posted.text or ""
    token = (posted.token or "")[: TOKEN_LIMIT + 1]
    return Incoming(
        posted.id,
        chat,
        kind,
        Words(clean(text)) if kind == "text" else None,
        clean(token) if kind == "tap" else None,
        pages.hint(posted.language),
    )
