BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'teman','0001_first','2026-01-01 00:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'teman','0002_deliveries','2026-01-01 00:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'teman','0003_platforms','2026-01-01 00:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'teman','0004_holds','2026-01-01 00:00:00+00:00');
CREATE TABLE audits (
        id TEXT PRIMARY KEY,
        at BIGINT NOT NULL,
        staff TEXT NOT NULL,
        action TEXT NOT NULL,
        case_id TEXT,
        detail TEXT NOT NULL
    );
CREATE TABLE chats (
        id TEXT PRIMARY KEY,
        find_hash TEXT NOT NULL UNIQUE,
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        state TEXT NOT NULL,
        next_seq BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    );
CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE data_keys (owner TEXT PRIMARY KEY, wrapped TEXT NOT NULL);
CREATE TABLE deliveries (
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
    );
CREATE TABLE heard (
        chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        message_id TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    );
CREATE TABLE incidents (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        chat_id TEXT,
        event TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL
    );
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE outbox (
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
    );
CREATE TABLE profiles (
        chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        sealed TEXT NOT NULL,
        PRIMARY KEY (chat_id, id)
    );
CREATE TABLE report_lines (
        id TEXT PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES reports (case_id) ON DELETE CASCADE,
        at BIGINT NOT NULL,
        sealed TEXT NOT NULL,
        language TEXT,
        sender TEXT NOT NULL,
        staff TEXT,
        read_at BIGINT,
        shown_at BIGINT
    );
CREATE TABLE reports (
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
    , held_at BIGINT);
CREATE TABLE returns (
        reference TEXT PRIMARY KEY,
        case_id TEXT NOT NULL,
        chat_id TEXT NOT NULL,
        words_hash TEXT NOT NULL,
        misses BIGINT NOT NULL,
        last_miss_at BIGINT
    );
CREATE TABLE seen (hash TEXT PRIMARY KEY, at BIGINT NOT NULL);
CREATE TABLE staff (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        languages TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        disabled BIGINT NOT NULL,
        created_at BIGINT NOT NULL
    );
CREATE TABLE staff_sessions (
        token_hash TEXT PRIMARY KEY,
        staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
        expires_at BIGINT NOT NULL
    );
CREATE TABLE timers (
        id TEXT PRIMARY KEY,
        chat_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        case_id TEXT NOT NULL,
        due_at BIGINT NOT NULL,
        UNIQUE (kind, case_id)
    );
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX outbox_order ON outbox (chat_id, lane, seq) WHERE unsent = 1;
CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE unsent = 1;
CREATE INDEX outbox_done ON outbox (created_at) WHERE unsent = 0;
CREATE INDEX timers_due ON timers (due_at);
CREATE INDEX reports_status ON reports (status, created_at);
CREATE INDEX report_lines_case ON report_lines (case_id, at);
CREATE INDEX audits_case ON audits (case_id, at);
CREATE INDEX deliveries_case ON deliveries (case_id, seq);
CREATE INDEX deliveries_chat ON deliveries (chat_id);
CREATE INDEX deliveries_state ON deliveries (state, due_at);
CREATE INDEX heard_at ON heard (at);
CREATE INDEX outbox_kept ON outbox (chat_id) WHERE unsent = 0 AND body IS NOT NULL;
COMMIT;
