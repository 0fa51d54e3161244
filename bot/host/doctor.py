"""Is all well? Each finding says what was looked at, whether it is well, and what to do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot import wire
from bot.host import billing
from bot.host.facts import HouseFacts, Intake
from bot.library import catalogs, helplines, reviews
from bot.messages import LANGUAGES
from bot.store import deliveries, incidents, sends
from bot.store import staff as accounts
from bot.store.database import Store, Tx

DISK_MINIMUM = 500_000_000
"""Bytes; below this a busy school day can fill the disk."""
YEARS = range(2026, 2100)
OLD_US = 3600 * 1_000_000
"""A delivery that waits longer than this is worth a look."""


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
    known = helplines.load(root / "lessons" / "helplines.yaml")
    old = known.stale(today)
    names = ", ".join(line.id for line in old)
    shown, age = known.seen_by_children(today), known.oldest(today)
    advice = f"dial and date again: {names}" if old else "none past its check date"
    return Finding(
        "help lines",
        not old,
        f"{advice}; {len(shown)} of {len(known.lines)} shown, oldest facts {age} days old",
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


def for_children(root: Path, *, demo: bool) -> list[Finding]:
    """What a real deployment needs before the first child, and a demo does not: a listening line
    that was dialled, and texts of care that a person has read (care.md, 18 and 19).
    """
    today = datetime.now(UTC).astimezone(helplines.HERE).date()
    dialled = helplines.load(root / "lessons" / "helplines.yaml").listening(today)
    drafts = [x for x in LANGUAGES if not reviews.care_is_read(root, x)]
    return [
        Finding(
            "listening line",
            dialled or demo,
            "dialled" if dialled else "dial one of docs/operators.md, then: services verify ID",
        ),
        Finding(
            "care texts",
            not drafts or demo,
            f"drafts in {', '.join(drafts)}: nobody outside has read them" if drafts else "read",
        ),
    ]


async def reach(url: str, *, local: bool) -> Finding:
    """Whether the intake answers at all; any answer will do, for it knows no path to ask at.
    `local`: it is on this very machine.
    """
    what = "intake's address"
    try:
        async with wire.client() as client:
            await client.get(url)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return Finding(what, False, f"does not answer ({type(error).__name__})")
    if not url.startswith("https://") and not local:
        return Finding(what, False, "answers, but over plain http: words travel unencrypted")
    return Finding(what, True, "answers")


async def examine(store: Store, facts: HouseFacts, *, now: int) -> list[Finding]:
    """What the database tells: staff, whether the intake is open, incidents, rows that cannot be
    sent.
    """
    return await store.run(lambda tx: _examine(tx, facts, now))


def _examine(tx: Tx, facts: HouseFacts, now: int) -> list[Finding]:
    elsewhere = facts.intake_elsewhere
    workers = [person for person in accounts.all(tx) if not person.disabled]
    is_open = Intake(facts).open(tx, now)
    errors = incidents.all(tx)
    return [
        Finding("database", True, "opens with these keys"),
        Finding("staff", bool(workers) or elsewhere, _staff(len(workers))),
        Finding("intake", is_open, _intake(facts, is_open)),
        _sending(tx),
        _billed(tx, facts, now),
        _deliveries(tx, now),
        Finding("incidents", not errors, _errors(errors)),
    ]


def _sending(tx: Tx) -> Finding:
    """What can never be sent. A user who has blocked the bot is no fault of the operator's."""
    rows = sends.parked(tx)
    if not rows:
        return Finding("sending", True, "nothing parked")
    said = "; ".join(f"{count} on {channel}: {reason}" for channel, reason, count in rows)
    return Finding("sending", all(sends.is_users_choice(reason) for _, reason, _ in rows), said)


def _billed(tx: Tx, facts: HouseFacts, now: int) -> Finding:
    count, limit = billing.counted(tx, now=now), facts.billed_limit
    if not limit:
        return Finding("billed messages", True, f"{count} this month, no limit set")
    rests = "; lessons rest on WhatsApp until next month" if count >= limit else ""
    return Finding("billed messages", count < limit, f"{count} of {limit} this month{rests}")


def _deliveries(tx: Tx, now: int) -> Finding:
    counts = deliveries.counts(tx)
    waiting, parked = (
        sum(count for (_, state), count in counts.items() if state == wanted)
        for wanted in ("waiting", "parked")
    )
    since = deliveries.oldest(tx)
    if since is None:
        return Finding("deliveries", True, "nothing undelivered")
    minutes = (now - since) // 60_000_000
    advice = f"{waiting} waiting, {parked} refused, the oldest for {minutes} minutes"
    if parked:
        refs = sorted({row.reference for row in deliveries.stuck(tx)})
        advice += f"; when the cause is mended: run.py reports retry {refs[0]}"
    return Finding("deliveries", not parked and now - since < OLD_US, advice)


def _staff(count: int) -> str:
    return f"{count} active" if count else "make an account: run.py staff add NAME"


def _errors(kept: list[incidents.Incident]) -> str:
    return f"{len(kept)} kept, newest {kept[-1].kind}" if kept else "none"


def _intake(facts: HouseFacts, is_open: bool) -> str:
    if facts.demo and facts.intake_elsewhere:
        drills = " as drills" if facts.drills_only else ""
        return f"a demo: reports go to TEMAN_INTAKE_URL{drills}"
    if facts.demo:
        return "a demo: reports go to the local desk and are marked as a demo"
    if is_open:
        return "open for reports"
    if facts.intake_elsewhere:
        return "closed: it needs TEMAN_DESK_HOURS, and a drill received within 14 days"
    return "closed: it needs an active worker, TEMAN_DESK_HOURS, and a drill claimed within 14 days"
