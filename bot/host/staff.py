"""Staff accounts: who may read reports, and how a password is kept and checked.

A password is kept as an argon2id hash and checked in a thread, a few at a time.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, Literal, get_args

import argon2
import msgspec

from bot.conversation.ids import Ids
from bot.errors import SettingsWrong
from bot.host import shift
from bot.messages import LANGUAGES, Language
from bot.store import staff as accounts
from bot.store.database import Store, Tx

Role = Literal["worker", "supervisor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
MINUTE_US: Final = 60_000_000
MISS_WINDOW_US: Final = 15 * MINUTE_US
MISSES_PER_NAME: Final = 5
MISSES_IN_ALL: Final = 50
NAME_LIMIT: Final = 60
PASSWORD_MINIMUM: Final = 12
PASSWORD_LIMIT: Final = 200
CHECKS_AT_ONCE: Final = 2
"""Each check takes 64 MiB for a moment."""

_hasher = argon2.PasswordHasher()


def tidy(name: str) -> str:
    """The one spelling of a name: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


async def add(
    store: Store, name: str, role: str, languages: Sequence[str], password: str, *, now: int
) -> str:
    """Makes an account and returns its id. `now` is µs UTC.

    Raises SettingsWrong when a part will not do or the name is in use.
    """
    name = tidy(name)
    _check(name, role, password)
    spoken = _spoken(languages)
    password_hash = await asyncio.to_thread(_hasher.hash, password)
    ids = Ids(now, os.urandom(16))
    new, line = ids.take(), ids.take()

    def make(tx: Tx) -> bool:
        made = accounts.add(
            tx, id=new, name=name, role=role, languages=spoken, password_hash=password_hash, now=now
        )
        if made:
            accounts.audit(tx, id=line, at=now, staff=new, action="account made", detail=role)
        return made

    if not await store.run(make):
        raise SettingsWrong("an account of that name exists already: choose another name")
    return new


def _check(name: str, role: str, password: str) -> None:
    if not name or len(name) > NAME_LIMIT:
        raise SettingsWrong(f"a staff name needs 1 to {NAME_LIMIT} characters")
    if role not in ROLES:
        raise SettingsWrong(f"a staff role is one of: {', '.join(ROLES)}")
    if not PASSWORD_MINIMUM <= len(password) <= PASSWORD_LIMIT:
        raise SettingsWrong(f"a password needs {PASSWORD_MINIMUM} to {PASSWORD_LIMIT} characters")


def _spoken(languages: Sequence[str]) -> tuple[Language, ...]:
    if not languages or not set(languages) <= set(LANGUAGES):
        raise SettingsWrong(f"staff languages are one or more of: {', '.join(LANGUAGES)}")
    return tuple(language for language in LANGUAGES if language in languages)


async def disable(store: Store, name: str, *, now: int) -> bool:
    """Ends an account with its sessions and claims. False when none of that name is active."""
    line = Ids(now, os.urandom(16)).take()

    def end(tx: Tx) -> bool:
        account = accounts.by_name(tx, tidy(name))
        if account is None or not accounts.disable(tx, account.name):
            return False
        shift.end(tx, account.id)
        accounts.audit(tx, id=line, at=now, staff=account.id, action="account disabled")
        return True

    return await store.run(end)


def check_password(password_hash: str, password: str) -> bool:
    """Whether the password is the one behind the hash. Slow on purpose: call it in a thread."""
    try:
        return _hasher.verify(password_hash, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


@functools.cache
def _nobodys_hash() -> str:
    """No password fits it: an unknown name costs the same time as a known one."""
    return _hasher.hash(secrets.token_urlsafe(32))


class Seat(msgspec.Struct, frozen=True):
    """A signed-in person, for one request. `leaving`: the session ends within five minutes."""

    id: str
    name: str
    role: str
    languages: tuple[Language, ...]
    csrf: str
    leaving: bool = False

    @property
    def supervisor(self) -> bool:
        """May read the audit, and act on another's report."""
        return self.role == "supervisor"


class SignIn(msgspec.Struct, frozen=True):
    """What came of trying: a session's token, or why not (`wait`: too many misses lately)."""

    result: Literal["in", "wrong", "wait"]
    token: str = ""

    def __repr__(self) -> str:
        return f"SignIn({self.result})"


class Door:
    """Lets people in and knows them again. Misses are counted in memory: a restart forgets them."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._misses: list[tuple[int, str, str]] = []
        self._checks = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def sign_in(self, name: str, password: str, client: str = "") -> SignIn:
        """Checks name and password and opens a session. Takes as long for a name nobody has.

        Misses are counted for each `client`: strangers elsewhere lock nobody out.
        """
        name, now = tidy(name), self._clock()
        if not self._may_try(name, client, now):
            return SignIn("wait")
        # Counted before the check, so that many tries at once are not all let through.
        self._misses.append((now, name, client))
        account = await self._store.run(lambda tx: accounts.by_name(tx, name))
        known = account is not None and not account.disabled
        password_hash = account.password_hash if account and known else _nobodys_hash()
        async with self._checks:
            fits = await asyncio.to_thread(
                check_password, password_hash, password[: PASSWORD_LIMIT + 1]
            )
        if account is None or not known or not fits:
            await self._missed(account)
            return SignIn("wrong")
        self._misses = [miss for miss in self._misses if miss[1:] != (name, client)]
        return SignIn("in", await self.let_in(account))

    def _may_try(self, name: str, client: str, now: int) -> bool:
        self._misses = [miss for miss in self._misses if 0 <= now - miss[0] < MISS_WINDOW_US]
        of_client = [missed for _, missed, who in self._misses if who == client]
        of_name = of_client.count(name)
        return of_name < MISSES_PER_NAME and len(of_client) < MISSES_IN_ALL

    async def _missed(self, account: accounts.Staff | None) -> None:
        if account is None:
            return
        now, line = self._clock(), self._id()
        who = account.id
        await self._store.run(
            lambda tx: accounts.audit(tx, id=line, at=now, staff=who, action="sign-in refused")
        )

    async def let_in(self, account: accounts.Staff) -> str:
        """Opens a session for somebody whose password was checked; returns its token."""
        now, line = self._clock(), self._id()
        token = f"{now // 1_000_000:x}-{secrets.token_urlsafe(32)}"

        def begin(tx: Tx) -> None:
            accounts.purge_sessions(tx, now=now)
            shift.renew(tx, account.id, _hash(token), started=now, now=now)
            accounts.audit(tx, id=line, at=now, staff=account.id, action="signed in")

        await self._store.run(begin)
        return token

    async def seat(self, token: str, *, here: bool = True) -> Seat | None:
        """Who holds the token. `here`: a person did something, which keeps the session awake."""
        if not token:
            return None
        now, token_hash, started = self._clock(), _hash(token), _started(token)

        def look(tx: Tx) -> Seat | None:
            person = accounts.session(tx, token_hash, now=now)
            if person is None:
                return None
            if here:
                shift.renew(tx, person.id, token_hash, started=started, now=now)
            leaving = accounts.session(tx, token_hash, now=now + shift.WARNING_US) is None
            return Seat(
                person.id, person.name, person.role, person.languages, _csrf(token), leaving
            )

        return await self._store.run(look)

    async def sign_out(self, token: str, seat: Seat) -> None:
        """The shift ends: this session, and every claim."""
        now, line = self._clock(), self._id()

        def leave(tx: Tx) -> None:
            accounts.session_close(tx, _hash(token))
            given_back = shift.end(tx, seat.id)
            accounts.audit(
                tx, id=line, at=now, staff=seat.id, action="signed out",
                detail=f"{given_back} given back",
            )  # fmt: skip

        await self._store.run(leave)

    def _id(self) -> str:
        return Ids(self._clock(), os.urandom(16)).take()


def same(sent: str, kept: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(sent.encode("utf-8", "replace"), kept.encode())


def _hash(token: str) -> str:
    return hashlib.sha256(b"desk session " + token.encode("utf-8", "replace")).hexdigest()


def _csrf(token: str) -> str:
    """The form token of a session: only the cookie gives it, and it is stored nowhere."""
    return hashlib.sha256(b"desk form " + token.encode("utf-8", "replace")).hexdigest()


def _started(token: str) -> int:
    """When the session began, µs UTC. It is part of the token, so nobody can move it."""
    try:
        return int(token.partition("-")[0], 16) * 1_000_000
    except ValueError:
        return 0
