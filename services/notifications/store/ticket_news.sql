-- name: keep_news
INSERT INTO ticket_news (agency_id, message_id, ticket_id, event, promise, broken, status, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- How a ticket stands: an older version never replaces a newer one.
-- name: follow_ticket
UPDATE ticket_news SET status = $2::text, version = $3::bigint WHERE ticket_id = $1::uuid AND version < $3::bigint;

-- What waits to warn of a promise hears that it is broken.
-- name: break_promise
UPDATE ticket_news SET broken = true WHERE ticket_id = $1::uuid AND event = 'warning' AND promise = $2::text;

-- name: lock_news
SELECT ticket_id, event, promise, broken, status, version FROM ticket_news WHERE message_id = $1::uuid FOR UPDATE;

-- name: forget_news
DELETE FROM ticket_news WHERE message_id = $1::uuid;
