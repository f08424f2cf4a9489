-- Locks the oldest that are due, whoever's they are; what another process has locked is that one's to fire. Nothing
-- before $2 is looked at: there lie the dead entries of what was fired.
-- name: claim
SELECT agency_id, subject_id, next_due, attempts, ctid AS place FROM runtime.timers
WHERE kind = $1::text AND next_due >= $2::timestamptz AND next_due <= $3::timestamptz
ORDER BY next_due LIMIT $4::bigint FOR UPDATE SKIP LOCKED;

-- Of rows that this transaction has claimed: found where they lie, without the primary key. There they stay, since what a
-- firing sets is written behind this, and leaves these alone.
-- name: arm_claimed
UPDATE runtime.timers AS t SET next_due = given.next_due, attempts = 0
FROM unnest($1::tid[], $2::timestamptz[]) AS given(place, next_due) WHERE t.ctid = given.place;

-- name: disarm_claimed
DELETE FROM runtime.timers WHERE ctid = ANY ($1::tid[]);

-- Only if nobody has fired or set it since it was claimed.
-- name: put_back
UPDATE runtime.timers SET next_due = $5::timestamptz, attempts = attempts + 1
WHERE kind = $1::text AND agency_id = $2::uuid AND subject_id = $3::uuid AND next_due = $4::timestamptz;

-- name: earliest
SELECT given.kind, found.next_due
FROM unnest($1::text[], $2::timestamptz[]) AS given(kind, beginning) CROSS JOIN LATERAL (
  SELECT t.next_due FROM runtime.timers AS t
  WHERE t.kind = given.kind AND t.next_due >= given.beginning ORDER BY t.next_due LIMIT 1) AS found;

-- name: earliest_sound
SELECT given.kind, found.next_due
FROM unnest($1::text[]) AS given(kind) CROSS JOIN LATERAL (
  SELECT t.next_due FROM runtime.timers AS t
  WHERE t.kind = given.kind AND t.attempts = 0 ORDER BY t.next_due LIMIT 1) AS found;

-- name: backlog
SELECT given.kind, count(due.next_due) AS due,
       coalesce(extract(epoch FROM $2::timestamptz - min(due.next_due)), 0)::double precision AS late_seconds,
       (SELECT count(*) FROM runtime.timers AS f WHERE f.kind = given.kind AND f.attempts > 0) AS failing
FROM unnest($1::text[]) AS given(kind) LEFT JOIN LATERAL (
  SELECT t.next_due FROM runtime.timers AS t
  WHERE t.kind = given.kind AND t.next_due <= $2::timestamptz ORDER BY t.next_due LIMIT $3::bigint) AS due ON true
GROUP BY given.kind;
