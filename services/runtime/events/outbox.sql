-- The one event of most commands: half of what the next statement costs.
-- name: append_one
WITH counted AS (
  INSERT INTO runtime.streams AS s (agency_id, topic, key, sequence) VALUES ($2::uuid, $3::text, $4::text, 1)
  ON CONFLICT (agency_id, topic, key) DO UPDATE SET sequence = s.sequence + 1
  RETURNING sequence
)
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::text, sequence, $6::timestamptz, $7::bytea, $8::text FROM counted;

-- A stream goes on behind what was published of it.
-- name: reach
INSERT INTO runtime.streams AS s (agency_id, topic, key, sequence)
VALUES ($1::uuid, $2::text, $3::text, $4::bigint)
ON CONFLICT (agency_id, topic, key) DO UPDATE SET sequence = greatest(s.sequence, excluded.sequence);

-- Everything a command published, in one statement that travels with its COMMIT. $9 to $12 are the streams, in the order
-- of their keys, so that two commands cannot deadlock on their counters, and how many events each gets; $13 says of which
-- of them each event is, $14 how many of the same stream follow it. All counters are taken before the first row is
-- numbered, since all of their values stand in the one row that the events are joined to; the events keep their order.
-- name: append
WITH counted AS (
  INSERT INTO runtime.streams AS s (agency_id, topic, key, sequence)
  SELECT * FROM unnest($9::uuid[], $10::text[], $11::text[], $12::bigint[])
  ON CONFLICT (agency_id, topic, key) DO UPDATE SET sequence = s.sequence + excluded.sequence
  RETURNING agency_id, topic, key, sequence
), numbered AS (
  SELECT array_agg(sequence ORDER BY agency_id, topic COLLATE "C", key COLLATE "C") AS sequences FROM counted
)
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT event_id, agency_id, topic, key, type, sequences[stream] - followers, occurred_at, payload, headers
FROM numbered CROSS JOIN unnest(
  $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bytea[], $8::text[],
  $13::integer[], $14::bigint[]) AS g(event_id, agency_id, topic, key, type, occurred_at, payload, headers, stream, followers);

-- The oldest events, at most $1 of them and, beyond the first, at most $2 bytes; without the topics that are held back,
-- from behind $4 on, and without those whose places lie in the ranges $5 to $6. The length of a payload is read without
-- the payload.
-- name: oldest
SELECT seq, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers
FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes
      FROM (SELECT * FROM runtime.outbox
            WHERE seq > $4::bigint AND topic <> ALL ($3::text[])
              AND (seq <@ (SELECT range_agg(int8range(first, last, '[]'))
                           FROM unnest($5::bigint[], $6::bigint[]) AS on_the_way(first, last))) IS NOT TRUE
            ORDER BY seq LIMIT $1::bigint) AS oldest
     ) AS counted
WHERE bytes <= $2::bigint OR bytes = octet_length(payload) ORDER BY seq;

-- For this transaction: where few rows are left PostgreSQL would start workers for the next statement [M: 20 ms], and
-- read all of a table that was empty when it planned.
-- name: look_alone
SELECT set_config('max_parallel_workers_per_gather', '0', true), set_config('enable_seqscan', 'off', true);

-- What a look sees of transactions: those before `oldest_transaction` have ended, none from `next_transaction` on had
-- its id. That takes an id of one's own: the snapshot's xmax lies behind the latest that has ended, and others that are
-- under way may have ids from it on. Only a look with something held back asks, and its commit waits for no disk.
-- name: horizon
SELECT coalesce((SELECT seq FROM runtime.outbox ORDER BY seq DESC LIMIT 1), 0) AS last_seq,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_transaction,
       pg_current_xact_id()::text::bigint AS next_transaction;

-- For this transaction: its commit does not wait for the disk. What is removed is found by its key, also in a table that
-- was empty when PostgreSQL planned.
-- name: do_not_flush
SELECT set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true);

-- What lies in the ranges $1 to $2: half the work of finding each by itself.
-- name: remove
DELETE FROM runtime.outbox AS o USING unnest($1::bigint[], $2::bigint[]) AS acknowledged(first, last)
WHERE o.seq BETWEEN first AND last;

-- Events that Kafka refuses, set aside as dead letters of the relay.
-- name: park
WITH gone AS (DELETE FROM runtime.outbox WHERE seq = ANY ($1::bigint[]) RETURNING *)
INSERT INTO runtime.dead_letters
  (handler, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, reason, message, headers)
SELECT 'relay', event_id, agency_id, topic, key, type, sequence, occurred_at, payload, $2::text, $3::text, headers
FROM gone;

-- Parked events go back to the outbox, each under its id and with its place in its stream; those of a stream in order.
-- name: unpark
WITH exhumed AS (
  DELETE FROM runtime.dead_letters WHERE handler = 'relay' AND event_id = ANY ($1::uuid[]) RETURNING *
)
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers FROM exhumed ORDER BY sequence;

-- Counted up to $1: a backlog of millions must not be read each second to be told that it is one.
-- name: backlog
SELECT (SELECT count(*) FROM (SELECT FROM runtime.outbox LIMIT $1::bigint) AS waiting) AS events,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)::double precision
                 FROM runtime.outbox ORDER BY seq LIMIT 1), 0) AS oldest_age_seconds;
