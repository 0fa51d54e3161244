-- Every statement of the store, under its name. `:param` stands for a parameter. They run on SQLite and PostgreSQL;
-- a line that begins with `-- postgres: ` is part of the statement on PostgreSQL alone.

-- name: meta_all
SELECT name, value FROM meta

-- name: meta_get
SELECT value FROM meta WHERE name = :name

-- name: meta_set
INSERT INTO meta (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: key_add
INSERT INTO data_keys (owner, wrapped) VALUES (:owner, :wrapped)

-- name: key_get
SELECT wrapped FROM data_keys WHERE owner = :owner

-- name: key_erase
DELETE FROM data_keys WHERE owner = :owner

-- name: seen_add
INSERT INTO seen (hash, at) VALUES (:hash, :at) ON CONFLICT (hash) DO NOTHING

-- name: seen_get
SELECT at FROM seen WHERE hash = :hash

-- name: seen_purge
DELETE FROM seen WHERE at < :before


-- Chats: the row is locked while a message of its chat is handled.

-- name: chat_by_hash
SELECT c.id, c.channel, c.address, c.state, c.next_seq, k.wrapped
FROM chats c LEFT JOIN data_keys k ON k.owner = c.id
WHERE c.find_hash = :find_hash
-- postgres: FOR UPDATE OF c

-- name: chat_by_id
SELECT c.id, c.channel, c.address, c.state, c.next_seq, k.wrapped
FROM chats c LEFT JOIN data_keys k ON k.owner = c.id
WHERE c.id = :id
-- postgres: FOR UPDATE OF c

-- name: chat_find
SELECT id FROM chats WHERE find_hash = :find_hash

-- name: chat_add
INSERT INTO chats (id, find_hash, channel, address, state, next_seq, created_at, updated_at)
VALUES (:id, :find_hash, :channel, :address, :state, 1, :now, :now)
ON CONFLICT (find_hash) DO NOTHING

-- name: chat_save
UPDATE chats SET state = :state, next_seq = next_seq + :numbers, updated_at = :now WHERE id = :id

-- name: chat_rebind
UPDATE chats SET find_hash = :find_hash, channel = :channel, address = :address WHERE id = :id

-- name: chat_detach
UPDATE chats SET find_hash = :find_hash, address = :address WHERE id = :id

-- name: chat_delete
DELETE FROM chats WHERE id = :id

-- name: profiles_of
SELECT p.id, p.sealed, k.wrapped
FROM profiles p LEFT JOIN data_keys k ON k.owner = p.chat_id || '/' || p.id
WHERE p.chat_id = :chat_id

-- name: profile_put
INSERT INTO profiles (chat_id, id, sealed) VALUES (:chat_id, :id, :sealed)
ON CONFLICT (chat_id, id) DO UPDATE SET sealed = excluded.sealed

-- name: profile_delete
DELETE FROM profiles WHERE chat_id = :chat_id AND id = :id


-- Outbox: `unsent` is 1 for the states waiting and held, 0 for all others.

-- name: outbox_number
UPDATE chats SET next_seq = next_seq + 1 WHERE id = :chat_id
RETURNING next_seq - 1 AS seq, channel, address, (SELECT wrapped FROM data_keys WHERE owner = chats.id) AS wrapped

-- name: outbox_add
INSERT INTO outbox (id, chat_id, channel, seq, lane, turn, profile, state, unsent, body, created_at, expires_at,
    due_at, attempts, worker, lease_until)
VALUES (:id, :chat_id, :channel, :seq, :lane, :turn, :profile, :state, 1, :body, :now, :expires_at, :now, 0, :worker,
    CASE WHEN EXISTS (
        SELECT 1 FROM outbox e
        WHERE e.chat_id = :chat_id AND e.lane = :lane AND e.unsent = 1 AND e.state = 'waiting'
    ) THEN 0 ELSE :lease_until END)
RETURNING lease_until

-- name: outbox_supersede
UPDATE outbox SET state = 'superseded', unsent = 0, body = NULL
WHERE chat_id = :chat_id AND unsent = 1 AND lane = 'normal' AND turn < :turn

-- name: outbox_hold_relay
UPDATE outbox SET state = 'held', reason = NULL, lease_until = 0, worker = NULL
WHERE chat_id = :chat_id AND unsent = 1 AND lane = 'relay'

-- name: outbox_drop_notices
UPDATE outbox SET state = 'superseded', unsent = 0, body = NULL
WHERE chat_id = :chat_id AND unsent = 1 AND lane = 'relay' AND state = 'waiting' AND lease_until = 0

-- name: outbox_cancel
UPDATE outbox SET state = 'cancelled', unsent = 0, body = NULL
WHERE chat_id = :chat_id AND unsent = 1 AND lane <> 'relay'

-- name: outbox_hold_relay_of
UPDATE outbox SET state = 'held', reason = NULL, lease_until = 0, worker = NULL
WHERE chat_id = :chat_id AND unsent = 1 AND lane = 'relay' AND COALESCE(profile, '') = :profile

-- name: outbox_cancel_of
UPDATE outbox SET state = 'cancelled', unsent = 0, body = NULL
WHERE chat_id = :chat_id AND unsent = 1 AND lane <> 'relay' AND COALESCE(profile, '') = :profile

-- name: outbox_never_again
UPDATE outbox SET body = NULL WHERE chat_id = :chat_id AND unsent = 0 AND body IS NOT NULL

-- name: outbox_release
UPDATE outbox SET state = 'waiting' WHERE chat_id = :chat_id AND unsent = 1 AND state = 'held'
AND COALESCE(profile, '') = :profile

-- name: outbox_expire
UPDATE outbox SET state = 'expired', unsent = 0, body = NULL
WHERE channel = :channel AND unsent = 1 AND expires_at <= :now AND lease_until <= :now

-- name: outbox_next
SELECT o.id, o.chat_id, o.seq, o.lane, o.turn, o.profile, o.body, o.attempts, c.channel, c.address, k.wrapped
FROM outbox o JOIN chats c ON c.id = o.chat_id LEFT JOIN data_keys k ON k.owner = o.chat_id
WHERE o.channel = :channel AND o.unsent = 1 AND o.state = 'waiting' AND o.due_at <= :now AND o.lease_until <= :now
AND NOT EXISTS (
    SELECT 1 FROM outbox e
    WHERE e.chat_id = o.chat_id AND e.lane = o.lane AND e.seq < o.seq AND e.unsent = 1 AND e.state = 'waiting'
)
ORDER BY CASE o.lane WHEN 'hide' THEN 0 WHEN 'care' THEN 0 WHEN 'relay' THEN 1 ELSE 2 END, o.due_at, o.seq
LIMIT :most
-- postgres: FOR UPDATE OF o SKIP LOCKED

-- name: outbox_lease
UPDATE outbox SET lease_until = :lease_until, worker = :worker, attempts = attempts + 1 WHERE id = :id

-- name: outbox_wanted
SELECT 1 AS yes FROM outbox WHERE id = :id AND unsent = 1 AND state = 'waiting'

-- name: outbox_state
SELECT state FROM outbox WHERE id = :id

-- name: outbox_chat
SELECT o.chat_id, o.turn, k.wrapped FROM outbox o LEFT JOIN data_keys k ON k.owner = o.chat_id WHERE o.id = :id

-- name: outbox_sent
UPDATE outbox SET state = 'sent', unsent = 0, body = CASE channel WHEN 'whatsapp' THEN body END, sent_at = :now,
    platform_id = :platform_id, reason = NULL
WHERE id = :id AND state = 'waiting'

-- name: outbox_sent_late
UPDATE outbox SET state = 'sent', unsent = 0, body = NULL, sent_at = :now, platform_id = :platform_id
WHERE id = :id AND state <> 'sent'

-- name: outbox_later
UPDATE outbox SET due_at = :due_at, lease_until = 0, worker = NULL, attempts = :attempts, reason = :reason
WHERE id = :id AND unsent = 1

-- name: outbox_hasten
UPDATE outbox SET due_at = :now
WHERE channel = :channel AND unsent = 1 AND state = 'waiting' AND reason = 'unreachable' AND due_at > :now

-- name: outbox_await_user
UPDATE outbox SET state = 'held', reason = 'window', lease_until = 0, worker = NULL
WHERE id = :id AND unsent = 1 AND state = 'waiting'

-- name: outbox_user_wrote
UPDATE outbox SET state = 'waiting', reason = NULL, due_at = :now
WHERE chat_id = :chat_id AND unsent = 1 AND state = 'held' AND reason = 'window'

-- name: outbox_again
UPDATE outbox SET state = 'waiting', unsent = 1, due_at = :due_at, lease_until = 0, worker = NULL, sent_at = NULL,
    attempts = attempts + 1
WHERE id = :id AND state = 'sent' AND body IS NOT NULL AND expires_at > :due_at
AND NOT EXISTS (
    SELECT 1 FROM outbox e
    WHERE e.chat_id = outbox.chat_id AND outbox.lane = 'normal' AND e.lane = 'normal' AND e.seq > outbox.seq
)

-- name: outbox_unarrived
UPDATE outbox SET state = 'parked', unsent = 0, body = NULL, reason = :reason
WHERE id = :id AND (state = 'sent' OR (:final = 1 AND state IN ('waiting', 'held')))

-- name: outbox_leased
SELECT id FROM outbox WHERE unsent = 1 AND lease_until > 0

-- name: outbox_free
UPDATE outbox SET lease_until = 0, worker = NULL, due_at = :due_at WHERE unsent = 1 AND lease_until > 0

-- name: outbox_shown
SELECT id, platform_id FROM outbox WHERE chat_id = :chat_id AND platform_id IS NOT NULL AND sent_at >= :since

-- name: outbox_removed
UPDATE outbox SET platform_id = NULL WHERE chat_id = :chat_id AND platform_id IS NOT NULL AND sent_at <= :upto

-- name: outbox_drop_bodies
UPDATE outbox SET body = NULL WHERE unsent = 0 AND body IS NOT NULL AND sent_at < :before

-- name: outbox_parked
SELECT channel, reason, COUNT(*) AS count FROM outbox WHERE state = 'parked' GROUP BY channel, reason ORDER BY channel, reason

-- name: outbox_park
UPDATE outbox SET state = 'parked', unsent = 0, body = NULL, reason = :reason WHERE id = :id AND unsent = 1

-- name: outbox_pending
SELECT o.id, o.chat_id, o.seq, o.lane, o.turn, o.profile, o.body, o.attempts, c.channel, c.address, k.wrapped
FROM outbox o JOIN chats c ON c.id = o.chat_id LEFT JOIN data_keys k ON k.owner = o.chat_id
WHERE o.chat_id = :chat_id AND o.unsent = 1 AND o.state = 'waiting' AND o.seq > :after
ORDER BY o.seq

-- name: outbox_acknowledge
UPDATE outbox SET state = 'sent', unsent = 0, body = NULL, sent_at = :now
WHERE chat_id = :chat_id AND unsent = 1 AND state = 'waiting' AND seq <= :upto
AND :upto < (SELECT c.next_seq FROM chats c WHERE c.id = :chat_id)

-- name: outbox_next_number
SELECT next_seq FROM chats WHERE id = :chat_id

-- name: outbox_move
UPDATE outbox SET channel = :channel WHERE chat_id = :chat_id AND unsent = 1

-- name: outbox_purge
DELETE FROM outbox WHERE unsent = 0 AND created_at < :before

-- name: heard_add
INSERT INTO heard (chat_id, message_id, at) VALUES (:chat_id, :message_id, :now) ON CONFLICT (chat_id, message_id) DO NOTHING

-- name: heard_since
SELECT message_id FROM heard WHERE chat_id = :chat_id AND at >= :since

-- name: heard_clear
DELETE FROM heard WHERE chat_id = :chat_id AND at <= :upto

-- name: heard_purge
DELETE FROM heard WHERE at < :before

-- name: counter_add
INSERT INTO counters (name, value) VALUES (:name, :by)
ON CONFLICT (name) DO UPDATE SET value = counters.value + :by

-- name: counter_get
SELECT value FROM counters WHERE name = :name

-- name: outbox_counts
SELECT channel, state, COUNT(*) AS count FROM outbox GROUP BY channel, state ORDER BY channel, state


-- Timers

-- name: timer_set
INSERT INTO timers (id, chat_id, kind, case_id, due_at) VALUES (:id, :chat_id, :kind, :case_id, :due_at)
ON CONFLICT (kind, case_id) DO UPDATE SET id = excluded.id, chat_id = excluded.chat_id, due_at = excluded.due_at

-- name: timer_cancel
DELETE FROM timers WHERE kind = :kind AND case_id = :case_id

-- name: timers_due
SELECT id, chat_id, kind, case_id, due_at FROM timers WHERE due_at <= :now ORDER BY due_at, id LIMIT :most

-- name: timer_done
DELETE FROM timers WHERE id = :id

-- name: timers_drop_chat
DELETE FROM timers WHERE chat_id = :chat_id

-- name: timers_drop_case
DELETE FROM timers WHERE case_id = :case_id


-- Reports: from the first words on. The child's and the worker's lines are rows of report_lines.

-- name: report_draft
INSERT INTO reports (case_id, chat_id, status, created_at, expires_at, drill)
VALUES (:case_id, :chat_id, 'draft', :now, :expires_at, 0)

-- name: report_lock
SELECT status FROM reports WHERE case_id = :case_id
-- postgres: FOR UPDATE

-- name: line_add
INSERT INTO report_lines (id, case_id, at, sealed, language, sender, staff)
VALUES (:id, :case_id, :now, :sealed, :language, :sender, :staff)
ON CONFLICT (id) DO NOTHING

-- name: lines_of
SELECT id, at, sealed, language, sender, staff, read_at, shown_at FROM report_lines
WHERE case_id = :case_id ORDER BY at, id

-- name: lines_unshown
SELECT id, at, sealed, language, sender, staff, read_at, shown_at FROM report_lines
WHERE case_id = :case_id AND sender = 'worker' AND shown_at IS NULL ORDER BY at, id

-- name: lines_shown
UPDATE report_lines SET shown_at = :now WHERE case_id = :case_id AND sender = 'worker' AND shown_at IS NULL

-- name: lines_read
UPDATE report_lines SET read_at = :now WHERE case_id = :case_id AND sender = 'child' AND read_at IS NULL

-- name: lines_delete
DELETE FROM report_lines WHERE case_id = :case_id

-- name: report_drop
DELETE FROM reports WHERE case_id = :case_id AND status = 'draft'

-- name: report_send
UPDATE reports SET status = 'sent', facts = :facts, urgency = :urgency, language = :language, drill = :drill,
    reference = :reference, channel = :channel, due_at = :due_at, sent_at = :now, expires_at = NULL
WHERE case_id = :case_id AND status = 'draft'

-- name: report_amend
UPDATE reports SET facts = :facts, urgency = COALESCE(:urgency, urgency) WHERE case_id = :case_id AND status IN ('sent', 'received', 'taken', 'waiting')

-- name: report_received
UPDATE reports SET received_at = :now, status = CASE status WHEN 'sent' THEN 'received' ELSE status END
WHERE case_id = :case_id AND received_at IS NULL AND status IN ('sent', 'taken', 'waiting')

-- name: report_take
UPDATE reports SET status = 'taken', taken_by = :staff, taken_at = CASE WHEN taken_by IS NULL THEN :now ELSE taken_at END
WHERE case_id = :case_id AND status IN ('sent', 'received', 'taken', 'waiting')
AND COALESCE(taken_by, :staff) = :staff

-- name: report_wait
UPDATE reports SET status = 'waiting' WHERE case_id = :case_id AND status = 'taken'

-- name: report_release
UPDATE reports SET status = 'received', taken_by = NULL
WHERE taken_by = :staff AND status IN ('taken', 'waiting')

-- name: report_release_one
UPDATE reports SET status = 'received', taken_by = NULL
WHERE case_id = :case_id AND status IN ('taken', 'waiting')

-- name: report_read
UPDATE reports SET read_at = :now
WHERE case_id = :case_id AND read_at IS NULL AND status IN ('sent', 'received', 'taken', 'waiting', 'closed')

-- name: report_quiet
UPDATE reports SET alarmed_at = NULL WHERE case_id = :case_id AND alarmed_at IS NOT NULL

-- name: report_alarm
UPDATE reports SET alarmed_at = :now WHERE case_id = :case_id AND status IN ('sent', 'received', 'taken', 'waiting')

-- name: report_close
UPDATE reports SET status = 'closed', closed_at = :now, closed_by = :staff, alarmed_at = NULL
WHERE case_id = :case_id AND status IN ('sent', 'received', 'taken', 'waiting')

-- name: report_withdraw
UPDATE reports SET status = 'withdrawn', facts = NULL, closed_at = :now, alarmed_at = NULL
WHERE case_id = :case_id AND read_at IS NULL AND held_at IS NULL AND status IN ('sent', 'received', 'taken', 'waiting')

-- name: report_erase
UPDATE reports SET status = 'erased', facts = NULL, expires_at = NULL, alarmed_at = NULL, closed_at = COALESCE(closed_at, :now)
WHERE case_id = :case_id AND status NOT IN ('withdrawn', 'erased') AND held_at IS NULL

-- name: report_hold
UPDATE reports SET held_at = :now WHERE case_id = :case_id AND held_at IS NULL
    AND status IN ('sent', 'received', 'taken', 'waiting', 'closed')

-- name: report_unhold
UPDATE reports SET held_at = NULL WHERE case_id = :case_id AND held_at IS NOT NULL

-- name: reports_of_chat
SELECT case_id, status, held_at FROM reports WHERE chat_id = :chat_id ORDER BY created_at, case_id

-- name: report_get
SELECT r.*, (SELECT COUNT(*) FROM report_lines l
    WHERE l.case_id = r.case_id AND l.sender = 'child' AND l.read_at IS NULL) AS unread
FROM reports r WHERE r.case_id = :case_id

-- name: report_by_reference
SELECT r.*, (SELECT COUNT(*) FROM report_lines l
    WHERE l.case_id = r.case_id AND l.sender = 'child' AND l.read_at IS NULL) AS unread
FROM reports r WHERE r.reference = :reference

-- name: report_drill_claimed
SELECT case_id FROM reports WHERE drill = 1 AND taken_at >= :since LIMIT 1

-- name: report_queue
SELECT r.*, (SELECT COUNT(*) FROM report_lines l
    WHERE l.case_id = r.case_id AND l.sender = 'child' AND l.read_at IS NULL) AS unread
FROM reports r WHERE r.status IN ('sent', 'received', 'taken', 'waiting')
ORDER BY CASE WHEN r.urgency = 'emergency' OR r.alarmed_at IS NOT NULL THEN 0 WHEN r.urgency = 'urgent' THEN 1 ELSE 2 END,
    r.created_at, r.case_id

-- name: reports_older
SELECT case_id FROM reports WHERE created_at <= :before AND status IN ('sent', 'received', 'taken', 'waiting', 'closed')
    AND held_at IS NULL

-- name: reports_overdue
SELECT r.*, 0 AS unread FROM reports r WHERE r.status = 'draft' AND r.expires_at <= :now ORDER BY r.expires_at


-- Incidents

-- name: incident_add
INSERT INTO incidents (id, kind, chat_id, event, created_at, expires_at)
VALUES (:id, :kind, :chat_id, :event, :now, :expires_at)

-- name: incidents_drop_chat
DELETE FROM incidents WHERE chat_id = :chat_id

-- name: incidents_all
SELECT id, kind, chat_id, event, created_at, expires_at FROM incidents ORDER BY created_at, id

-- name: incidents_purge
DELETE FROM incidents WHERE expires_at <= :now


-- Staff

-- name: staff_add
INSERT INTO staff (id, name, role, languages, password_hash, disabled, created_at)
VALUES (:id, :name, :role, :languages, :password_hash, 0, :now) ON CONFLICT (name) DO NOTHING

-- name: staff_by_name
SELECT id, name, role, languages, password_hash, disabled, created_at FROM staff WHERE name = :name

-- name: staff_all
SELECT id, name, role, languages, password_hash, disabled, created_at FROM staff ORDER BY name

-- name: staff_disable
UPDATE staff SET disabled = 1 WHERE name = :name AND disabled = 0

-- name: staff_sessions_end
DELETE FROM staff_sessions WHERE staff_id IN (SELECT id FROM staff WHERE name = :name)

-- name: session_open
INSERT INTO staff_sessions (token_hash, staff_id, expires_at) VALUES (:token_hash, :staff_id, :expires_at)
ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at

-- name: session_get
SELECT s.id, s.name, s.role, s.languages, s.password_hash, s.disabled, s.created_at
FROM staff_sessions t JOIN staff s ON s.id = t.staff_id
WHERE t.token_hash = :token_hash AND t.expires_at > :now AND s.disabled = 0

-- name: session_close
DELETE FROM staff_sessions WHERE token_hash = :token_hash

-- name: sessions_purge
DELETE FROM staff_sessions WHERE expires_at <= :now

-- name: audit_add
INSERT INTO audits (id, at, staff, action, case_id, detail) VALUES (:id, :at, :staff, :action, :case_id, :detail)

-- name: audits_all
SELECT id, at, staff, action, case_id, detail FROM audits ORDER BY at, id

-- name: audits_of
SELECT id, at, staff, action, case_id, detail FROM audits WHERE case_id = :case_id ORDER BY at, id


-- Come-back words

-- name: return_add
INSERT INTO returns (reference, case_id, chat_id, words_hash, misses) VALUES (:reference, :case_id, :chat_id, :words_hash, 0)
ON CONFLICT (reference) DO UPDATE SET words_hash = excluded.words_hash, misses = 0, last_miss_at = NULL

-- name: return_get
SELECT reference, case_id, chat_id, words_hash, misses, last_miss_at FROM returns WHERE reference = :reference

-- name: return_miss
UPDATE returns SET misses = misses + 1, last_miss_at = :now WHERE reference = :reference

-- name: returns_erase
DELETE FROM returns WHERE case_id = :case_id

-- name: return_clear
UPDATE returns SET misses = 0, last_miss_at = NULL WHERE reference = :reference


-- Deliveries: what is on its way to an intake elsewhere. `seq` orders them within a case.

-- name: delivery_add
INSERT INTO deliveries (id, case_id, chat_id, kind, seq, line_id, part, body, state, due_at, created_at, lease_until, attempts)
VALUES (:id, :case_id, (SELECT r.chat_id FROM reports r WHERE r.case_id = :case_id), :kind,
    (SELECT COALESCE(MAX(e.seq), 0) + 1 FROM deliveries e WHERE e.case_id = :case_id),
    :line_id, :part, :body, 'waiting', :due_at, :now, 0, 0)
ON CONFLICT (id) DO NOTHING

-- name: delivery_lock
SELECT attempts FROM deliveries WHERE case_id = :case_id AND kind = 'report'
-- postgres: FOR UPDATE

-- name: deliveries_lock
SELECT case_id, attempts FROM deliveries WHERE chat_id = :chat_id AND kind = 'report'
-- postgres: FOR UPDATE

-- name: delivery_hasten
UPDATE deliveries SET due_at = :due_at
WHERE case_id = :case_id AND kind = 'report' AND state = 'waiting' AND due_at > :due_at

-- name: delivery_known
SELECT 1 AS yes FROM deliveries WHERE id = :id

-- name: deliveries_lines
SELECT DISTINCT line_id FROM deliveries WHERE case_id = :case_id AND line_id IS NOT NULL

-- name: delivery_body
SELECT body FROM deliveries WHERE id = :id AND body IS NOT NULL

-- name: delivery_next
SELECT d.id, d.case_id, d.kind, d.created_at, d.attempts, d.line_id, d.part, r.urgency
FROM deliveries d JOIN reports r ON r.case_id = d.case_id
WHERE d.state = 'waiting' AND d.due_at <= :now AND d.lease_until <= :now
AND NOT EXISTS (
    SELECT 1 FROM deliveries e
    WHERE e.case_id = d.case_id AND e.seq < d.seq
    AND (e.state = 'waiting' OR e.lease_until > :now OR (e.state = 'parked' AND e.kind = 'report'))
)
ORDER BY CASE r.urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END, d.due_at, d.id
LIMIT :most
-- postgres: FOR UPDATE OF d SKIP LOCKED

-- name: delivery_lease
UPDATE deliveries SET lease_until = :lease_until, tried_at = :now, attempts = attempts + 1 WHERE id = :id

-- name: delivery_done
UPDATE deliveries SET state = 'done', lease_until = 0, done_at = :now, reason = NULL, body = NULL
WHERE id = :id AND state <> 'done'

-- name: delivery_later
UPDATE deliveries SET due_at = :due_at, lease_until = 0, reason = :reason WHERE id = :id AND state <> 'done'

-- name: delivery_park
UPDATE deliveries SET state = CASE state WHEN 'waiting' THEN 'parked' ELSE state END, lease_until = 0, reason = :reason
WHERE id = :id AND state <> 'done'

-- name: deliveries_retry
UPDATE deliveries SET state = 'waiting', due_at = :now, reason = NULL, park_alarmed_at = NULL
WHERE case_id = :case_id AND state = 'parked'

-- name: deliveries_cancel
UPDATE deliveries SET state = 'cancelled', body = NULL WHERE case_id = :case_id AND state IN ('waiting', 'parked')

-- name: deliveries_forget
DELETE FROM deliveries WHERE case_id = :case_id AND kind <> 'withdraw'

-- name: delivery_last_try
SELECT MAX(tried_at) AS tried_at FROM deliveries WHERE case_id = :case_id AND kind <> 'withdraw'

-- name: deliveries_stuck
SELECT d.id, d.case_id, d.kind, d.reason, d.created_at, d.park_alarmed_at, r.reference
FROM deliveries d JOIN reports r ON r.case_id = d.case_id WHERE d.state = 'parked' ORDER BY d.created_at, d.id

-- name: delivery_park_alarmed
UPDATE deliveries SET park_alarmed_at = :now WHERE id = :id

-- name: deliveries_late
SELECT d.id, d.case_id, d.late_told_at, d.late_alarmed_at, r.urgency, r.drill,
    CASE d.kind WHEN 'report' THEN r.sent_at ELSE d.created_at END AS sent_at
FROM deliveries d JOIN reports r ON r.case_id = d.case_id
WHERE d.state IN ('waiting', 'parked') AND r.status IN ('sent', 'received', 'taken', 'waiting')
AND ((d.kind = 'report' AND r.received_at IS NULL) OR (d.kind = 'message' AND r.urgency = 'emergency'))
AND (d.state = 'parked' OR CASE d.kind WHEN 'report' THEN r.sent_at ELSE d.created_at END <= CASE r.urgency WHEN 'emergency' THEN :emergencies ELSE :others END)
AND (d.late_told_at IS NULL OR d.late_alarmed_at IS NULL)
ORDER BY sent_at, d.id

-- name: delivery_late_told
UPDATE deliveries SET late_told_at = :now WHERE id = :id AND late_told_at IS NULL

-- name: delivery_late_alarmed
UPDATE deliveries SET late_alarmed_at = :now WHERE id = :id

-- name: deliveries_counts
SELECT kind, state, COUNT(*) AS count FROM deliveries GROUP BY kind, state ORDER BY kind, state

-- name: deliveries_oldest
SELECT created_at FROM deliveries WHERE state IN ('waiting', 'parked') ORDER BY created_at LIMIT 1

-- name: deliveries_emergencies
SELECT COUNT(*) AS count FROM deliveries d JOIN reports r ON r.case_id = d.case_id
WHERE d.kind = 'report' AND d.state IN ('waiting', 'parked') AND r.urgency = 'emergency' AND r.received_at IS NULL

-- name: line_known
SELECT 1 AS yes FROM report_lines WHERE id = :id

-- name: report_named
SELECT case_id FROM reports WHERE reference = :reference OR case_id = :case_id

-- name: report_drill_received
SELECT case_id FROM reports WHERE drill = 1 AND received_at >= :since LIMIT 1

-- name: report_counts
SELECT COALESCE(urgency, 'concern') AS urgency, COUNT(*) AS count FROM reports
WHERE status IN ('sent', 'received', 'taken', 'waiting') GROUP BY COALESCE(urgency, 'concern')

-- name: incidents_count
SELECT COUNT(*) AS count FROM incidents
