"""Is all well? Each finding says what was looked at, whether it is well, and what to do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.host.facts import HouseFacts, Intake
from bot.library import catalogs, helplines
from bot.store import incidents, outbox
from bot.store import staff as accounts
from bot.store.database import Store, Tx

DISK_MINIMUM = 500_000_000
"""Bytes; below this a busy school day can fill the disk."""
YEARS = range(2026, 2100)


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    well: bool
    advice: str


def static(root: Path, database_url: str) -> list[Finding]:
    """What can be seen without the database: texts, help lines, disk, clock."""
    return [_texts(root), _helplines(root), _disk(root, database_url), _clock()]


def _texts(root: Path) -> Finding:
    stale = catalogs.stale(root)
    return Finding("texts", not stale, f"{stale[0]}: run make venv" if stale else "compiled")


def _helplines(root: Path) -> Finding:
    today = datetime.now(UTC).astimezone(helplines.HERE).date()
    old = helplines.load(root / "lessons" / "helplines.yaml").stale(today)
    names = ", ".join(line.id for line in old)
    return Finding(
        "help lines",
        not old,
        f"dial and date again: {names}" if old else "none past its check date",
    )


def _disk(root: Path, database_url: str) -> Finding:
    folder = (
        Path(database_url.removeprefix("sqlite:///")).parent if "sqlite" in database_url else root
    )
    free = shutil.disk_usage(folder if folder.exists() else root).free
    return Finding("disk", free > DISK_MINIMUM, f"{free // 1_000_000} MB free")


def _clock() -> Finding:
    year = datetime.now(UTC).year
    return Finding("clock", year in YEARS, f"the year is {year}")


async def examine(store: Store, facts: HouseFacts, *, now: int) -> list[Finding]:
    """What the database tells: staff, whether the intake is open, incidents, rows that cannot be
    sent.
    """
    return await store.run(lambda tx: _examine(tx, facts, now))


def _examine(tx: Tx, facts: HouseFacts, now: int) -> list[Finding]:
    workers = [person for person in accounts.all(tx) if not person.disabled]
    is_open = Intake(facts).open(tx, now)
    parked = sum(count for (_, state), count in outbox.counts(tx).items() if state == "parked")
    errors = incidents.all(tx)
    return [
        Finding("database", True, "opens with these keys"),
        Finding("staff", bool(workers), _staff(len(workers))),
        Finding("intake", is_open, _intake(facts, is_open)),
        Finding("sending", not parked, f"{parked} messages parked" if parked else "nothing parked"),
        Finding("incidents", not errors, _errors(errors)),
    ]


def _staff(count: int) -> str:
    return f"{count} active" if count else "make an account: run.py staff add NAME"


def _errors(kept: list[incidents.Incident]) -> str:
    return f"{len(kept)} kept, newest {kept[-1].kind}" if kept else "none"


def _intake(facts: HouseFacts, is_open: bool) -> str:
    if facts.demo:
        return "a demo: reports go to the local desk and are marked as a demo"
    if is_open:
        return "open for reports"
    return "closed: it needs an active worker, TEMAN_DESK_HOURS, and a drill claimed within 14 days"
