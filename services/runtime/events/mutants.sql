-- What bugs on purpose say instead (runtime/core/mutant.h).

-- For `remove`: everything up to the last id, also what has become visible below it since.
-- name: remove_up_to
DELETE FROM runtime.outbox WHERE seq <= (SELECT max(seq) FROM unnest($1::bigint[]) AS acknowledged(seq));

-- For `append_one`: the counter is read first and locked when it is written.
-- name: append_one_unlocked
WITH counted AS (
  SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM runtime.streams
  WHERE agency_id = $2::uuid AND topic = $3::text AND key = $4::text
), written AS (
  INSERT INTO runtime.streams (agency_id, topic, key, sequence)
  SELECT $2::uuid, $3::text, $4::text, sequence FROM counted
  ON CONFLICT (agency_id, topic, key) DO UPDATE SET sequence = excluded.sequence
)
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::text, sequence, $6::timestamptz, $7::bytea, $8::text FROM counted;

-- Before the append: what follows is another transaction.
-- name: commit_so_far
COMMIT AND CHAIN;
