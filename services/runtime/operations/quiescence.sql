-- One look at what is due next (without those whose last firing failed) and at what waits for the relay.
-- name: standing
SELECT (SELECT min(found.next_due) FROM unnest($1::text[]) AS given(kind) CROSS JOIN LATERAL (
          SELECT t.next_due FROM runtime.timers AS t
          WHERE t.kind = given.kind AND t.attempts = 0 ORDER BY t.next_due LIMIT 1) AS found) AS next_due,
       (SELECT count(*) FROM runtime.timers AS t WHERE t.kind = ANY ($1::text[]) AND t.attempts > 0) AS failing,
       (SELECT count(*) FROM (SELECT FROM runtime.outbox LIMIT $2::bigint) AS waiting) AS outbox_events;
