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

-- name: oldest
SELECT seq, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers
FROM runtime.outbox ORDER BY seq LIMIT $1::bigint;

-- name: remove
DELETE FROM runtime.outbox WHERE seq = ANY ($1::bigint[]);

-- name: backlog
SELECT count(*) AS events,
       coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::double precision AS oldest_age_seconds
FROM runtime.outbox;
