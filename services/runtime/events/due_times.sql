-- In the order that is given. An INSERT because its plan is always the primary key's; an UPDATE … FROM is sometimes a
-- join with the whole table.
-- name: arm
INSERT INTO runtime.timers AS t (kind, agency_id, subject_id, next_due)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::timestamptz[])
ON CONFLICT (agency_id, subject_id, kind) DO UPDATE SET next_due = excluded.next_due, attempts = 0
WHERE t.next_due <> excluded.next_due OR t.attempts <> 0;

-- It locks no row that is there: DO UPDATE would, and those who write of one agency would wait for each other's commits.
-- name: arm_if_none
INSERT INTO runtime.timers (kind, agency_id, subject_id, next_due)
VALUES ($1::text, $2::uuid, $3::uuid, $4::timestamptz) ON CONFLICT DO NOTHING;

-- name: disarm
DELETE FROM runtime.timers WHERE agency_id = $2::uuid AND subject_id = $3::uuid AND kind = $1::text;
