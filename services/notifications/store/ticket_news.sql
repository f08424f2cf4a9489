-- name: keep_news
INSERT INTO ticket_news (agency_id, message_id, ticket_id, event, promise, due_at, status, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- How a ticket stands: an older version never replaces a newer one.
-- name: follow_ticket
UPDATE ticket_news SET status = $2::text, version = $3::bigint WHERE ticket_id = $1::uuid AND version < $3::bigint;

-- name: lock_news
SELECT ticket_id, event, promise, due_at, status, version FROM ticket_news WHERE message_id = $1::uuid FOR UPDATE;

-- name: forget_news
DELETE FROM ticket_news WHERE message_id = $1::uuid;
