-- Everything a command published, in one statement that travels with its COMMIT. The counters of the streams are taken
-- in the order of their keys, so that two commands cannot deadlock on them; the sort makes PostgreSQL take all of them
-- before it numbers the first row.
-- name: append
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bytea[])
    WITH ORDINALITY AS g(event_id, agency_id, topic, key, type, occurred_at, payload, place)
), ranked AS (
  SELECT *, row_number() OVER same_stream AS rank,
         count(*) OVER (PARTITION BY agency_id, topic, key) AS total
  FROM given WINDOW same_stream AS (PARTITION BY agency_id, topic, key ORDER BY place)
), counted AS (
  INSERT INTO runtime.streams AS s (agency_id, topic, key, sequence)
  SELECT DISTINCT agency_id, topic, key, total FROM ranked ORDER BY agency_id, topic, key
  ON CONFLICT (agency_id, topic, key) DO UPDATE SET sequence = s.sequence + excluded.sequence
  RETURNING agency_id, topic, key, sequence
)
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT event_id, agency_id, topic, key, type, counted.sequence - total + rank, occurred_at, payload, $8::text
FROM ranked JOIN counted USING (agency_id, topic, key)
ORDER BY place;

-- The oldest events, at most $1 of them and, beyond the first, at most $2 bytes; without the topics that are held back.
-- The length of a payload is read without the payload.
-- name: oldest
SELECT seq, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers
FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) AS bytes, row_number() OVER (ORDER BY seq) AS place
      FROM (SELECT * FROM runtime.outbox WHERE topic <> ALL ($3::text[]) ORDER BY seq LIMIT $1::bigint) AS oldest
     ) AS counted
WHERE place = 1 OR bytes <= $2::bigint ORDER BY seq;

-- name: remove
DELETE FROM runtime.outbox WHERE seq = ANY ($1::bigint[]);

-- Events that Kafka refuses, set aside as dead letters of the relay.
-- name: park
WITH gone AS (DELETE FROM runtime.outbox WHERE seq = ANY ($1::bigint[]) RETURNING *)
INSERT INTO runtime.dead_letters
  (handler, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, reason, message, headers)
SELECT 'relay', event_id, agency_id, topic, key, type, sequence, occurred_at, payload, $2::text, $3::text, headers
FROM gone;

-- A parked event goes back to the outbox, under its id and with its place in its stream.
-- name: unpark
WITH exhumed AS (
  DELETE FROM runtime.dead_letters WHERE handler = 'relay' AND event_id = $1::uuid RETURNING *
)
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers FROM exhumed;

-- Counted up to $1: a backlog of millions must not be read each second to be told that it is one.
-- name: backlog
SELECT (SELECT count(*) FROM (SELECT FROM runtime.outbox LIMIT $1::bigint) AS waiting) AS events,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)::double precision
                 FROM runtime.outbox ORDER BY seq LIMIT 1), 0) AS oldest_age_seconds;
