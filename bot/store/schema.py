"""The tables, in steps that are only ever appended, for SQLite and PostgreSQL alike.

Times are µs UTC (BIGINT). Ids, sealed values and JSON are TEXT. Ciphertext (see vault.py) stands in
data_keys.wrapped, chats.address and state, profiles.sealed, outbox.body and platform_id,
reports.facts, report_lines.sealed, incidents.event and deliveries.body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlite_utils import Database, Migrations

_FIRST: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE data_keys (owner TEXT PRIMARY KEY, wrapped TEXT NOT NULL)",
    "CREATE TABLE seen (hash TEXT PRIMARY KEY, at BIGINT NOT NULL)",
    """CREATE TABLE chats (
        id TEXT PRIMARY KEY,
        find_hash TEXT NOT NULL UNIQUE,
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        state TEXT NOT NULL,
        next_seq BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )""",
    """CREATE TABLE profiles (
        chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        sealed TEXT NOT NULL,
        PRIMARY KEY (chat_id, id)
    )""",
    """CREATE TABLE outbox (
        id TEXT PRIMARY KEY,
        chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        channel TEXT NOT NULL,
        seq BIGINT NOT NULL,
        lane TEXT NOT NULL,
        turn BIGINT NOT NULL,
        profile TEXT,
        state TEXT NOT NULL,
        unsent BIGINT NOT NULL,
        body TEXT,
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        lease_until BIGINT NOT NULL,
        worker TEXT,
        attempts BIGINT NOT NULL,
        sent_at BIGINT,
        platform_id TEXT,
        reason TEXT
    )""",
    "CREATE INDEX outbox_order ON outbox (chat_id, lane, seq) WHERE unsent = 1",
    "CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE unsent = 1",
    "CREATE INDEX outbox_done ON outbox (created_at) WHERE unsent = 0",
    """CREATE TABLE timers (
        id TEXT PRIMARY KEY,
        chat_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        case_id TEXT NOT NULL,
        due_at BIGINT NOT NULL,
        UNIQUE (kind, case_id)
    )""",
    "CREATE INDEX timers_due ON timers (due_at)",
    """CREATE TABLE reports (
        case_id TEXT PRIMARY KEY,
        chat_id TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT,
        reference TEXT UNIQUE,
        urgency TEXT,
        language TEXT,
        drill BIGINT NOT NULL,
        channel TEXT,
        facts TEXT,
        due_at BIGINT,
        sent_at BIGINT,
        received_at BIGINT,
        read_at BIGINT,
        taken_by TEXT,
        taken_at BIGINT,
        closed_by TEXT,
        closed_at BIGINT,
        alarmed_at BIGINT
    )""",
    "CREATE INDEX reports_status ON reports (status, created_at)",
    """CREATE TABLE report_lines (
        id TEXT PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES reports (case_id) ON DELETE CASCADE,
        at BIGINT NOT NULL,
        sealed TEXT NOT NULL,
        language TEXT,
        sender TEXT NOT NULL,
        staff TEXT,
        read_at BIGINT,
        shown_at BIGINT
    )""",
    "CREATE INDEX report_lines_case ON report_lines (case_id, at)",
    """CREATE TABLE incidents (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        chat_id TEXT,
        event TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL
    )""",
    """CREATE TABLE staff (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        languages TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        disabled BIGINT NOT NULL,
        created_at BIGINT NOT NULL
    )""",
    """CREATE TABLE staff_sessions (
        token_hash TEXT PRIMARY KEY,
        staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
        expires_at BIGINT NOT NULL
    )""",
    """CREATE TABLE audits (
        id TEXT PRIMARY KEY,
        at BIGINT NOT NULL,
        staff TEXT NOT NULL,
        action TEXT NOT NULL,
        case_id TEXT,
        detail TEXT NOT NULL
    )""",
    "CREATE INDEX audits_case ON audits (case_id, at)",
    """CREATE TABLE returns (
        reference TEXT PRIMARY KEY,
        case_id TEXT NOT NULL,
        chat_id TEXT NOT NULL,
        words_hash TEXT NOT NULL,
        misses BIGINT NOT NULL,
        last_miss_at BIGINT
    )""",
)

_DELIVERIES: Final = (
    """CREATE TABLE deliveries (
        id TEXT PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES reports (case_id) ON DELETE CASCADE,
        chat_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        seq BIGINT NOT NULL,
        line_id TEXT,
        part BIGINT NOT NULL,
        body TEXT,
        state TEXT NOT NULL,
        reason TEXT,
        due_at BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        lease_until BIGINT NOT NULL,
        attempts BIGINT NOT NULL,
        tried_at BIGINT,
        done_at BIGINT,
        late_told_at BIGINT,
        late_alarmed_at BIGINT,
        park_alarmed_at BIGINT
    )""",
    "CREATE INDEX deliveries_case ON deliveries (case_id, seq)",
    "CREATE INDEX deliveries_chat ON deliveries (chat_id)",
    "CREATE INDEX deliveries_state ON deliveries (state, due_at)",
)

_PLATFORMS: Final = (
    """CREATE TABLE heard (
        chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        message_id TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    )""",
    "CREATE INDEX heard_at ON heard (at)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    "CREATE INDEX outbox_kept ON outbox (chat_id) WHERE unsent = 0 AND body IS NOT NULL",
)

_HOLDS: Final = ("ALTER TABLE reports ADD COLUMN held_at BIGINT",)

STEPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("0001_first", _FIRST),
    ("0002_deliveries", _DELIVERIES),
    ("0003_platforms", _PLATFORMS),
    ("0004_holds", _HOLDS),
)
"""Name and statements of every step, oldest first. A step that was once released is never edited.
"""


def migrations() -> Migrations:
    """The steps as a sqlite-utils migration set."""
    steps = Migrations("teman")
    for name, statements in STEPS:
        steps(name=name)(_step(statements))
    return steps


def _step(statements: tuple[str, ...]) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        for statement in statements:
            db.execute(statement)

    return apply
