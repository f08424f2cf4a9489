-- name: keep_body
INSERT INTO webhook_bodies (agency_id, event_id, body, created_at) VALUES ($1::uuid, $2::uuid, $3::text, $4::timestamptz)
ON CONFLICT DO NOTHING;

-- Before the lane's deliveries: whoever records an attempt holds its lane, and must then see what this adds to it. A
-- batch of events comes to more lanes after it, and to the subscriptions' timers behind them all, as everybody does.
-- name: open_lanes
INSERT INTO lanes (agency_id, subscription_id, lane, next_due)
SELECT $1::uuid, subscription_id, $3::uuid, $4::timestamptz FROM unnest($2::uuid[]) AS subscription_id
ORDER BY subscription_id
ON CONFLICT (agency_id, subscription_id, lane) DO UPDATE SET next_due = coalesce(lanes.next_due, excluded.next_due);

-- name: insert_deliveries
INSERT INTO deliveries (agency_id, id, subscription_id, event_id, event_name, account_id, state, attempts,
                        next_attempt_at, created_at, version, lane)
SELECT $1::uuid, id, subscription_id, $4::uuid, $5::text, nullif($6::uuid, '00000000-0000-0000-0000-000000000000'),
       'pending', 0, $7::timestamptz, $8::timestamptz, 1, $6::uuid
FROM unnest($2::uuid[], $3::uuid[]) AS made (id, subscription_id)
ON CONFLICT ON CONSTRAINT deliveries_once DO NOTHING;

-- name: due_lanes
SELECT lane FROM lanes WHERE subscription_id = $1::uuid AND next_due <= $2::timestamptz
ORDER BY next_due LIMIT $3::bigint FOR UPDATE SKIP LOCKED;

-- name: next_lane
SELECT min(next_due) FROM lanes WHERE subscription_id = $1::uuid AND next_due IS NOT NULL;

-- name: next_lease
SELECT min(next_due) FROM lanes WHERE subscription_id = $1::uuid AND claimed AND next_due > $2::timestamptz;

-- name: lock_lane
SELECT next_due FROM lanes WHERE subscription_id = $1::uuid AND lane = $2::uuid FOR UPDATE;

-- name: set_lane
UPDATE lanes SET next_due = $3::timestamptz, claimed = $4::boolean WHERE subscription_id = $1::uuid AND lane = $2::uuid;

-- The delivery whose turn it is.
-- name: head_of_lane
SELECT id, subscription_id, event_id, event_name, account_id, state, attempts, next_attempt_at, created_at, ended_at,
       version
FROM deliveries WHERE subscription_id = $1::uuid AND lane = $2::uuid AND ended_at IS NULL
ORDER BY position LIMIT 1;

-- name: load_body
SELECT body FROM webhook_bodies WHERE event_id = $1::uuid;

-- name: load_tries
SELECT tries FROM deliveries WHERE id = $1::uuid;

-- name: load_delivery
SELECT id, subscription_id, event_id, event_name, account_id, state, attempts, next_attempt_at, created_at, ended_at,
       version
FROM deliveries WHERE id = $1::uuid;

-- The newest first; NULL filters nothing.
-- name: list_deliveries
SELECT id, subscription_id, event_id, event_name, account_id, state, attempts, next_attempt_at, created_at, ended_at,
       version
FROM deliveries
WHERE agency_id = $1::uuid AND subscription_id = $4::uuid AND id < $2::uuid AND ($5::text IS NULL OR state = $5::text)
ORDER BY id DESC LIMIT $3::bigint;

-- name: lock_delivery
SELECT id, subscription_id, event_id, event_name, account_id, state, attempts, next_attempt_at, created_at, ended_at,
       version
FROM deliveries WHERE id = $1::uuid FOR UPDATE;

-- name: update_delivery
UPDATE deliveries SET state = $2::text, attempts = $3::integer, next_attempt_at = $4::timestamptz,
                      ended_at = $5::timestamptz, version = $6::bigint, tries = $7::integer
WHERE id = $1::uuid;

-- name: insert_attempt
INSERT INTO delivery_attempts (agency_id, delivery_id, number, at, status, duration_ms, answer, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: load_attempts
SELECT number, at, status, duration_ms, answer, detail FROM delivery_attempts
WHERE delivery_id = $1::uuid ORDER BY number;

-- The lanes of what a replay from an instant takes.
-- name: lock_lanes_of_replay
SELECT lane FROM lanes WHERE subscription_id = $1::uuid AND lane IN (
  SELECT lane FROM deliveries WHERE subscription_id = $1::uuid AND created_at >= $2::timestamptz AND ended_at IS NOT NULL
  ORDER BY created_at, position LIMIT $3::bigint)
ORDER BY lane FOR UPDATE;

-- Oldest first, so that a call that reaches its limit can be followed by one from where it ended. What has ended in
-- another lane since these were locked is left to another call.
-- name: replayable
SELECT id, subscription_id, event_id, event_name, account_id, state, attempts, next_attempt_at, created_at, ended_at,
       version
FROM deliveries
WHERE subscription_id = $1::uuid AND created_at >= $2::timestamptz AND ended_at IS NOT NULL AND lane = ANY ($4::uuid[])
ORDER BY created_at, position LIMIT $3::bigint FOR UPDATE;

-- A lane that waits for a retry begins at once; one whose delivery is on its way goes on by itself.
-- name: hurry_lane
INSERT INTO lanes (agency_id, subscription_id, lane, next_due) VALUES ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz)
ON CONFLICT (agency_id, subscription_id, lane) DO UPDATE SET next_due = excluded.next_due WHERE NOT lanes.claimed;

-- Of a subscription that is resumed. A lane that somebody holds has an attempt that is being recorded: it is left to that.
-- name: hurry_lanes
UPDATE lanes SET next_due = $2::timestamptz WHERE subscription_id = $1::uuid AND lane IN (
  SELECT lane FROM lanes WHERE subscription_id = $1::uuid AND NOT claimed AND next_due > $2::timestamptz
  FOR UPDATE SKIP LOCKED);

-- name: forget_deliveries
DELETE FROM deliveries WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM deliveries
  WHERE subscription_id = $1::uuid AND created_at < $2::timestamptz AND (ended_at IS NOT NULL OR $4::boolean)
  ORDER BY created_at LIMIT $3::bigint));

-- Each subscription forgets its own deliveries, in its own time: a body stays for as long as any of them has it. With a
-- subscription that was deleted, bodies go that nobody else has: nobody may be left to do it later.
-- name: forget_bodies
DELETE FROM webhook_bodies WHERE ctid = ANY (ARRAY(
  SELECT b.ctid FROM webhook_bodies b
  WHERE b.created_at < $1::timestamptz
    AND NOT EXISTS (SELECT FROM deliveries d WHERE d.agency_id = b.agency_id AND d.event_id = b.event_id)
  ORDER BY b.created_at LIMIT $2::bigint));

-- name: forget_lanes
DELETE FROM lanes WHERE subscription_id = $1::uuid;
