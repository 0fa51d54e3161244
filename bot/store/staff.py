"""The people who read: accounts, sessions, and a line for everything they opened or did."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.messages import Language
from bot.store.database import Row, Tx


@dataclass(frozen=True, slots=True)
class Staff:
    """One account. `role` is the caller's word; `password_hash` is an argon2 hash."""

    id: str
    name: str
    role: str
    languages: tuple[Language, ...]
    password_hash: str = field(repr=False)
    disabled: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class Audit:
    """`staff` did `action` at `at` (µs UTC)."""

    id: str
    at: int
    staff: str
    action: str
    case: str | None
    detail: str


def add(
    tx: Tx,
    *,
    id: str,
    name: str,
    role: str,
    languages: Sequence[Language],
    password_hash: str,
    now: int,
) -> bool:
    """A new account. False when the name is taken, by a disabled account too."""
    done = tx.execute(
        "staff_add",
        id=id,
        name=name,
        role=role,
        languages=json.dumps(list(languages)),
        password_hash=password_hash,
        now=now,
    )
    return done == 1


def by_name(tx: Tx, name: str) -> Staff | None:
    """The account, disabled ones too."""
    row = tx.one("staff_by_name", name=name)
    return None if row is None else _staff(row)


def all(tx: Tx) -> list[Staff]:
    """Every account by name, disabled ones too."""
    return [_staff(row) for row in tx.all("staff_all")]


def disable(tx: Tx, name: str) -> bool:
    """The account is shut and every session of it ends. False when there was no active one."""
    tx.execute("staff_sessions_end", name=name)
    return tx.execute("staff_disable", name=name) == 1


def session_open(tx: Tx, *, token_hash: str, staff: str, expires_at: int) -> None:
    """`staff` (an account's id) is signed in until `expires_at`; the token itself is not kept."""
    tx.execute("session_open", token_hash=token_hash, staff_id=staff, expires_at=expires_at)


def session(tx: Tx, token_hash: str, *, now: int) -> Staff | None:
    """Who is signed in with that token, as long as the session and the account last."""
    row = tx.one("session_get", token_hash=token_hash, now=now)
    return None if row is None else _staff(row)


def session_close(tx: Tx, token_hash: str) -> None:
    """Sign out."""
    tx.execute("session_close", token_hash=token_hash)


def purge_sessions(tx: Tx, *, now: int) -> int:
    """Delete sessions whose time is over; returns how many."""
    return tx.execute("sessions_purge", now=now)


def audit(
    tx: Tx, *, id: str, at: int, staff: str, action: str, case: str | None = None, detail: str = ""
) -> None:
    """Write a line. `detail` never holds a user's words."""
    tx.execute("audit_add", id=id, at=at, staff=staff, action=action, case_id=case, detail=detail)


def audits(tx: Tx, case: str | None = None) -> list[Audit]:
    """The lines of one case, or every line, oldest first."""
    rows = tx.all("audits_all") if case is None else tx.all("audits_of", case_id=case)
    return [
        Audit(row["id"], row["at"], row["staff"], row["action"], row["case_id"], row["detail"])
        for row in rows
    ]


def _staff(row: Row) -> Staff:
    return Staff(
        id=row["id"],
        name=row["name"],
        role=row["role"],
        languages=tuple(json.loads(row["languages"])),
        password_hash=row["password_hash"],
        disabled=bool(row["disabled"]),
        created_at=row["created_at"],
    )
