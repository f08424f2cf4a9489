-- What is newest of a contract's deadline: an older version never replaces a newer one.
-- name: keep_contract
INSERT INTO contracts (agency_id, id, notice_deadline, version) VALUES ($1::uuid, $2::uuid, $3::date, $4::bigint)
ON CONFLICT (agency_id, id) DO UPDATE SET notice_deadline = excluded.notice_deadline, version = excluded.version
  WHERE contracts.version < excluded.version;

-- name: load_deadline
SELECT notice_deadline FROM contracts WHERE id = $1::uuid;

-- name: lock_entry
SELECT contract_id, term_number, recipient_id, sequence, day, cancelled FROM calendar_entries
WHERE contract_id = $1::uuid AND term_number = $2::integer AND recipient_id = $3::uuid FOR UPDATE;

-- Those that somebody still waits for.
-- name: lock_standing_entries
SELECT contract_id, term_number, recipient_id, sequence, day, cancelled FROM calendar_entries
WHERE contract_id = $1::uuid AND NOT cancelled AND day >= $2::date
ORDER BY term_number, recipient_id FOR UPDATE;

-- name: store_entry
INSERT INTO calendar_entries (agency_id, contract_id, term_number, recipient_id, sequence, day, cancelled)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (agency_id, contract_id, term_number, recipient_id) DO UPDATE
  SET sequence = excluded.sequence, day = excluded.day, cancelled = excluded.cancelled;
