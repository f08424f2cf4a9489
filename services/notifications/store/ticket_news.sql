-- name: keep_news
INSERT INTO ticket_news (agency_id, message_id, ticket_id, event, promise, broken, reassigned, status,
                         version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- How a ticket stands: an older version never replaces a newer one.
-- name: follow_ticket
UPDATE ticket_news SET status = $2::text, version = $3::bigint WHERE ticket_id = $1::uuid AND version < $3::bigint;

-- What waits to warn of a promise hears that it is broken.
-- name: break_promise
UPDATE ticket_news SET broken = true WHERE ticket_id = $1::uuid AND event = 'warning' AND promise = $2::text;

-- What waits to tell somebody that a ticket is theirs hears that it was given to somebody after them.
-- name: give_away
UPDATE ticket_news SET reassigned = true WHERE ticket_id = $1::uuid AND event = 'assigned' AND version < $2::bigint;

-- name: lock_news
SELECT ticket_id, event, promise, broken, reassigned, status, version FROM ticket_news WHERE message_id = $1::uuid FOR UPDATE;

-- name: forget_news
DELETE FROM ticket_news WHERE message_id = $1::uuid;
