-- No row is inserted when this event has made this message before.
-- name: insert_message
INSERT INTO messages (agency_id, id, account_id, event_id, template, recipient_id, recipient_name, recipient_address,
                      subject, text, state, disposition, attempts, next_attempt_at, last_reply, created_at, ended_at,
                      version, html, calendar)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT ON CONSTRAINT messages_once DO NOTHING;

-- name: load_message
SELECT id, account_id, event_id, template, recipient_id, recipient_name, recipient_address, subject, text, state,
       disposition, attempts, next_attempt_at, last_reply, created_at, ended_at, version
FROM messages WHERE id = $1::uuid;

-- name: lock_message
SELECT id, account_id, event_id, template, recipient_id, recipient_name, recipient_address, subject, text, state,
       disposition, attempts, next_attempt_at, last_reply, created_at, ended_at, version
FROM messages WHERE id = $1::uuid FOR UPDATE;

-- The newest first.
-- name: list_messages
SELECT id, account_id, event_id, template, recipient_id, recipient_name, recipient_address, subject, text, state,
       disposition, attempts, next_attempt_at, last_reply, created_at, ended_at, version
FROM messages WHERE agency_id = $1::uuid AND id < $2::uuid ORDER BY id DESC LIMIT $3::bigint;

-- name: list_messages_in_state
SELECT id, account_id, event_id, template, recipient_id, recipient_name, recipient_address, subject, text, state,
       disposition, attempts, next_attempt_at, last_reply, created_at, ended_at, version
FROM messages WHERE agency_id = $1::uuid AND id < $2::uuid AND state = $4::text ORDER BY id DESC LIMIT $3::bigint;

-- Few enough to be filtered one by one.
-- name: list_messages_of_account
SELECT id, account_id, event_id, template, recipient_id, recipient_name, recipient_address, subject, text, state,
       disposition, attempts, next_attempt_at, last_reply, created_at, ended_at, version
FROM messages
WHERE agency_id = $1::uuid AND id < $2::uuid AND account_id = $4::uuid AND ($5::text IS NULL OR state = $5::text)
ORDER BY id DESC LIMIT $3::bigint;

-- What the ledger's resource does not carry of a mail.
-- name: load_parts
SELECT html, calendar FROM messages WHERE id = $1::uuid;

-- A mail's bodies; that it was sent, when and to whom stays.
-- name: forget_mail_bodies
UPDATE messages SET text = '', html = '', calendar = '' WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM messages WHERE ended_at < $1::timestamptz AND html <> '' ORDER BY ended_at LIMIT $2::bigint));

-- name: update_message
UPDATE messages SET state = $2::text, attempts = $3::integer, next_attempt_at = $4::timestamptz, last_reply = $5::text,
                    ended_at = $6::timestamptz, version = $7::bigint, disposition = $8::text
WHERE id = $1::uuid;
