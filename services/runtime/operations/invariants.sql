-- What must hold at any moment in schema runtime. One row each: what was looked at and how much of it, how much of that
-- is wrong, and an example. What is only in motion is right at the next look.

-- Committed events are on Kafka within a minute, and those of a stream wait in their order.
-- name: outbox_drained_in_order
SELECT 'events in the outbox' AS what, count(*) AS looked_at, count(*) FILTER (WHERE late OR disordered) AS wrong,
       min(topic || ' ' || key || ' ' || sequence) FILTER (WHERE late OR disordered) AS example
FROM (SELECT topic, key, sequence, created_at < clock_timestamp() - interval '1 minute' AS late,
             coalesce(sequence <= lag(sequence) OVER (PARTITION BY topic, key ORDER BY seq), false) AS disordered
      FROM (SELECT * FROM runtime.outbox ORDER BY seq LIMIT 100000) AS oldest) AS waiting;

-- The relay takes a stream from its beginning on, so what waits of it is its end, without gaps; parked events are its
-- dead letters.
-- name: streams_without_gaps
SELECT 'streams with events in the outbox' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT gapless) AS wrong,
       min(topic || ' ' || key) FILTER (WHERE NOT gapless) AS example
FROM (SELECT waiting.topic, waiting.key,
             waiting.events + (SELECT count(*) FROM runtime.dead_letters AS d
                               WHERE d.handler = 'relay' AND d.agency_id = waiting.agency_id AND d.topic = waiting.topic
                                 AND d.key = waiting.key AND d.sequence > waiting.first)
               IS NOT DISTINCT FROM s.sequence - waiting.first + 1 AS gapless
      FROM (SELECT agency_id, topic, key, min(sequence) AS first, count(*) AS events
            FROM runtime.outbox GROUP BY agency_id, topic, key) AS waiting
      LEFT JOIN runtime.streams AS s USING (agency_id, topic, key)) AS looked;

-- A dead letter's event is in the inbox as long as Kafka may bring it again (retention.h), or it would be handled twice;
-- and nothing was handled in the future.
-- name: inbox_consistent
SELECT 'dead letters' AS what, (SELECT count(*) FROM runtime.dead_letters) AS looked_at, count(*) AS wrong,
       min(handler || ' ' || event_id) AS example
FROM (SELECT d.handler, d.event_id FROM runtime.dead_letters AS d
      WHERE d.handler <> 'relay' AND d.died_at > clock_timestamp() - interval '36 days'
        AND NOT EXISTS (SELECT FROM runtime.inbox AS i WHERE i.handler = d.handler AND i.event_id = d.event_id)
      UNION ALL
      SELECT handler, event_id FROM runtime.inbox WHERE received_at > clock_timestamp() + interval '1 hour') AS wrong;

-- What a service has taken back of its own events, after its database was restored, is in its place.
-- name: taken_back_in_place
SELECT 'own events that were too early' AS what, count(*) AS looked_at, count(*) AS wrong,
       min(agency_id || ' ' || subject_id || ' ' || version) AS example
FROM runtime.early_events;

-- A day later than it should (retention.h), what is to be forgotten is forgotten.
-- name: old_rows_forgotten
SELECT 'oldest rows of inbox and requests' AS what, count(*) AS looked_at, count(*) FILTER (WHERE late) AS wrong,
       min(kept) FILTER (WHERE late) AS example
FROM ((SELECT 'inbox' AS kept, received_at < clock_timestamp() - interval '38 days' AS late
       FROM runtime.inbox ORDER BY received_at LIMIT 1)
      UNION ALL
      (SELECT 'requests', created_at < clock_timestamp() - interval '2 days'
       FROM runtime.requests ORDER BY created_at LIMIT 1)) AS oldest;
