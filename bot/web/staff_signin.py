"""The door of the desk: its cookie, its headers, and the checks that every form passes.

A request that changes something comes from this site's own page (Sec-Fetch-Site, else Origin) and
carries the session's form token. The cookie holds a random token; the database knows its hash.
"""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversation.ids import Ids
from bot.errors import TemanError
from bot.host import shift
from bot.host.receive import Host
from bot.web import security

BODY_LIMIT: Final = 131_072
"""Bytes of one form: 4,096 characters of up to twelve bytes each (urlencoded), and room beside."""
FIELDS_LIMIT: Final = 12
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

POLICY: Final = security.HEADERS | {
    # With "no-referrer" a browser sends `Origin: null` with a form, as a foreign page may.
    "Referrer-Policy": "same-origin",
}


class NotTaken(TemanError):
    """A request is refused before anything is looked at: nothing was changed."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Form(msgspec.Struct, frozen=True):
    """The fields of one posted form; an absent one is the empty text. It never prints."""

    fields: dict[str, str]

    def get(self, name: str) -> str:
        """The field, or the empty text."""
        return self.fields.get(name, "")

    def __repr__(self) -> str:
        return f"Form({len(self.fields)} fields)"

    __str__ = __repr__


def is_id(text: str) -> bool:
    """Whether the text is a UUID in lower case, as all our ids are."""
    return _UUID.fullmatch(text) is not None


def new_id(host: Host) -> str:
    """An id for a form, so that posting it twice is one deed."""
    return Ids(host.clock(), os.urandom(16)).take()


def cookie_name(host: Host) -> str:
    """`__Host-` binds the cookie to this very host and to https."""
    return "__Host-desk" if host.house.web_secure else "desk"


def token_of(request: Request, host: Host) -> str:
    """The session token the browser sent, or the empty text."""
    return request.cookies.get(cookie_name(host), "")


def give_cookie(response: Response, host: Host, token: str) -> None:
    """Hands the session to the browser; it ends there with the session's longest life."""
    secure = host.house.web_secure
    response.set_cookie(
        cookie_name(host), token, max_age=shift.SESSION_US // 1_000_000, httponly=True,
        secure=secure, samesite="strict", path="/" if secure else "/desk",
    )  # fmt: skip


def take_cookie(response: Response, host: Host) -> None:
    """Removes the session from the browser."""
    secure = host.house.web_secure
    response.delete_cookie(
        cookie_name(host), path="/" if secure else "/desk", secure=secure, httponly=True,
        samesite="strict",
    )  # fmt: skip


def to(path: str) -> RedirectResponse:
    """Go on by GET, so that a reload does not post again."""
    return RedirectResponse(path, 303, headers=POLICY)


def from_our_page(request: Request) -> bool:
    """Whether the browser says that one of our pages sent this. Silence is not believed."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


def by_a_person(request: Request) -> bool:
    """Whether somebody looks at the answer: no HEAD, no prefetch, no part of another page."""
    purpose = request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    target = request.headers.get("sec-fetch-dest", "document")
    return request.method == "GET" and "prefetch" not in purpose and target == "document"


async def posted(request: Request) -> Form:
    """The form of a request from our own page. Raises NotTaken (403, 413, 415, 400)."""
    if not from_our_page(request):
        raise NotTaken(403, "the form did not come from a page of this desk")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise NotTaken(415, "the desk takes plain forms only")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            raise NotTaken(413, "the form is too long")
    return Form(_fields(bytes(body)))


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="replace",
            max_num_fields=FIELDS_LIMIT,
        )  # fmt: skip
    except (UnicodeDecodeError, ValueError):
        # Not "from error": a decoding error carries the body, and so somebody's words.
        raise NotTaken(400, "the form cannot be read") from None
    return dict(pairs)
