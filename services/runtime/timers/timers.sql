-- Locks the oldest that are due, whoever's they are; what another process has locked is that one's to fire. Nothing
-- before $2 is looked at: there lie the dead entries of what was fired.
-- name: claim
SELECT agency_id, subject_id, next_due, attempts, ctid AS place FROM runtime.timers
WHERE kind = $1::text AND next_due >= $2::timestamptz AND next_due <= $3::timestamptz
ORDER BY next_due LIMIT $4::bigint FOR UPDATE SKIP LOCKED;

-- An INSERT because its plan is always the primary key's; an UPDATE … FROM is sometimes a join with the whole table.
-- name: arm
INSERT INTO runtime.timers AS t (kind, agency_id, subject_id, next_due)
SELECT $1::text, agency_id, subject_id, next_due
FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) AS given(agency_id, subject_id, next_due)
ON CONFLICT (agency_id, subject_id, kind) DO UPDATE SET next_due = excluded.next_due, attempts = 0
WHERE t.next_due <> excluded.next_due OR t.attempts <> 0;

-- The same for rows that this transaction has claimed: found where they lie, without the primary key. Those that the
-- firing has itself written since are no longer there.
-- name: arm_claimed
WITH given AS (
  SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::tid[]) AS g(agency_id, subject_id, next_due, place)
), moved AS (
  UPDATE runtime.timers AS t SET next_due = given.next_due, attempts = 0 FROM given
  WHERE t.ctid = given.place AND t.kind = $1::text AND t.agency_id = given.agency_id
    AND t.subject_id = given.subject_id
  RETURNING t.agency_id, t.subject_id
)
INSERT INTO runtime.timers AS t (kind, agency_id, subject_id, next_due)
SELECT $1::text, agency_id, subject_id, next_due FROM given
WHERE NOT EXISTS (SELECT FROM moved WHERE moved.agency_id = given.agency_id AND moved.subject_id = given.subject_id)
ON CONFLICT (agency_id, subject_id, kind) DO UPDATE SET next_due = excluded.next_due, attempts = 0
WHERE t.next_due <> excluded.next_due OR t.attempts <> 0;

-- One probe of the primary key a subject (LIMIT keeps the planner from a join with the whole table).
-- name: disarm
DELETE FROM runtime.timers WHERE ctid = ANY (ARRAY(
  SELECT found.ctid FROM unnest($2::uuid[], $3::uuid[]) AS given(agency_id, subject_id) CROSS JOIN LATERAL (
    SELECT t.ctid FROM runtime.timers AS t
    WHERE t.kind = $1::text AND t.agency_id = given.agency_id AND t.subject_id = given.subject_id LIMIT 1) AS found));

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
