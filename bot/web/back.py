"""Come-back words: a child who closed the tab finds the talk again. The page looks like resuming a
quiz.

A wrong word, an unknown reference and a report that is gone get the same answer after the same
work.
"""

from __future__ import annotations

import asyncio
import functools
import re
import secrets
import unicodedata
from typing import Final

import argon2
import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.conversation.ids import REFERENCE_LETTERS
from bot.host import pace
from bot.host.receive import Host
from bot.store import returns
from bot.store.database import Tx
from bot.store.returns import Return
from bot.web import pages, posted
from bot.web.trouble import Refused

MISSES: Final = 5
REST_US: Final = 3600 * 1_000_000
PER_REFERENCE: Final = (MISSES, 3600)
PER_CLIENT: Final = (30, 600)
IN_ALL: Final = (120, 60)
"""Tries within seconds, whoever tries; argon2 costs memory."""
CHECKS_AT_ONCE: Final = 2
WORDS: Final = 4
LONGEST: Final = 200
"""Characters of a reference or of the words that are looked at."""
_HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""At the cost of the kept hashes: a check against nobody's takes as long."""
_REFERENCE: Final = re.compile(f"[{REFERENCE_LETTERS}]{{3}}-[{REFERENCE_LETTERS}]{{3}}")
_APART: Final = re.compile(r"[\s,;.、，。·/|-]+")


class Guess(msgspec.Struct, frozen=True):
    """What somebody typed into the page. It never prints."""

    reference: str
    words: str

    def __repr__(self) -> str:
        return "Guess()"

    __str__ = __repr__


def routes(host: Host) -> list[BaseRoute]:
    """The page and its answer."""
    back = Back(host)
    return [
        Route("/back", back.page),
        Route("/back", back.post, methods=["POST"]),
    ]


class Back:
    """The handlers, with the host they speak to."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._pages = pages.Pages(host)
        self._per_reference = pace.Pace(*PER_REFERENCE)
        self._per_client = pace.Pace(*PER_CLIENT)
        self._in_all = pace.Pace(*IN_ALL)
        self._checks = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def page(self, request: Request) -> Response:
        """The page that asks for the reference and the words."""
        return self._pages.show("back.html", pages.language_of(request))

    async def post(self, request: Request) -> Response:
        """200 when the browser's token now leads to the talk; 403 wrong, 429 too often."""
        chat = posted.chat_of(request)
        guess = await posted.read(request, Guess)
        self._keep_pace(request)
        found = await self._check(reference(guess.reference), words(guess.words))
        if found is None or (await self._host.came_back(chat, found.case)).status != "taken":
            raise Refused(403, "the reference and the words do not fit")
        return JSONResponse({"ok": True})

    def _keep_pace(self, request: Request) -> None:
        now = self._host.clock()
        client = pace.client(request.client.host if request.client else None)
        slow = client is None or self._per_client.allows(client, now)
        if not slow or not self._in_all.allows("", now):
            raise Refused(429, "too many tries", wait_s=self._in_all.window_s)

    async def _check(self, name: str, said: str) -> Return | None:
        """What is kept for the reference when the words fit. Raises Refused (429) after five misses
        in an hour.
        """
        now = self._host.clock()
        # Counted here as well for references that do not exist: both must rest alike.
        allowed = not name or self._per_reference.allows(name, now)
        kept = await self._host.store.run(lambda tx: _try(tx, name, now)) if allowed else None
        if not allowed or (kept is not None and _rests(kept, now)):
            raise Refused(429, "too many misses", wait_s=REST_US // 1_000_000)
        async with self._checks:
            fits = await asyncio.to_thread(_fits, kept.words_hash if kept else _nobodys(), said)
        if kept is None or not fits:
            return None
        await self._host.store.run(lambda tx: returns.clear(tx, name))
        self._per_reference.forget(name)
        return kept


def _try(tx: Tx, name: str, now: int) -> Return | None:
    """Counted as a miss before the words are looked at, so that many at once are not all let in."""
    kept = returns.get(tx, name)
    if kept is not None and not _rests(kept, now):
        returns.miss(tx, name, now=now)
    return kept


def _rests(kept: Return, now: int) -> bool:
    last = kept.last_miss_at
    return kept.misses >= MISSES and last is not None and 0 <= now - last < REST_US


def _fits(words_hash: str, said: str) -> bool:
    try:
        return _HASHER.verify(words_hash, said)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    """No words fit it: an unknown reference costs the same time as a known one."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def reference(text: str) -> str:
    """A reference as it is kept, from what people type: small letters, spaces, no dash."""
    letters = re.sub(r"[\W_]+", "", _plain(text)).upper()
    made = f"{letters[:3]}-{letters[3:]}"
    return made if _REFERENCE.fullmatch(made) else ""


def words(text: str) -> str:
    """Four words as they were hashed: small letters, one space between. Signs between them are
    nothing.
    """
    return " ".join(part for part in _APART.split(_plain(text)) if part)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
