-- For the transaction in which events are handled: how long it waits for a lock (sql/give_way.h), and that it finds what it
-- looks for by an index, also in a table that was small when PostgreSQL planned: a session keeps its plans until the table
-- is counted, by autovacuum, some minute after an import has filled it. To compile a statement takes longer than to run it.
-- name: begin_handling
SELECT set_config('lock_timeout', $1::text, true), set_config('enable_seqscan', 'off', true),
       set_config('jit', 'off', true);

-- No row when this handler has taken this event before.
-- name: receive
INSERT INTO runtime.inbox (handler, event_id) VALUES ($1::text, $2::uuid) ON CONFLICT DO NOTHING;

-- name: bury
INSERT INTO runtime.dead_letters
  (handler, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, reason, message, headers)
VALUES ($1::text, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::bigint, $8::timestamptz, $9::bytea, $10::text,
        $11::text, $12::text)
ON CONFLICT (handler, event_id) DO UPDATE SET reason = excluded.reason, message = excluded.message;

-- Of one agency, or of any.
-- name: dead_letter
SELECT agency_id, topic, key, type, sequence, occurred_at, payload, headers
FROM runtime.dead_letters
WHERE handler = $1::text AND event_id = $2::uuid AND ($3::uuid IS NULL OR agency_id = $3::uuid);

-- In the order of their streams.
-- name: dead_of_topic
SELECT event_id FROM runtime.dead_letters
WHERE handler = $1::text AND topic = $2::text AND ($3::uuid IS NULL OR agency_id = $3::uuid)
ORDER BY sequence, died_at, event_id LIMIT $4::bigint;

-- name: count_dead_of_topic
SELECT count(*) FROM runtime.dead_letters
WHERE handler = $1::text AND topic = $2::text AND ($3::uuid IS NULL OR agency_id = $3::uuid);

-- name: exhume
DELETE FROM runtime.dead_letters WHERE handler = $1::text AND event_id = $2::uuid;

-- The same as `receive` for many at once: what is new to its handler.
-- name: receive_all
INSERT INTO runtime.inbox (handler, event_id) SELECT * FROM unnest($1::text[], $2::uuid[])
ON CONFLICT DO NOTHING RETURNING handler, event_id;
