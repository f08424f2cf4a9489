-- name: keep_early
INSERT INTO runtime.early_events (agency_id, subject_id, version, type, occurred_at, payload)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agency_id, subject_id, version) DO NOTHING;

-- name: early_agencies
SELECT DISTINCT agency_id FROM runtime.early_events ORDER BY agency_id;

-- From behind the place ($2, $3) on; those of a subject in their order.
-- name: early_events
SELECT subject_id, version, type, occurred_at, payload FROM runtime.early_events
WHERE agency_id = $1::uuid AND (subject_id, version) > ($2::uuid, $3::bigint)
ORDER BY subject_id, version LIMIT $4::bigint;

-- name: forget_early
DELETE FROM runtime.early_events WHERE agency_id = $1::uuid AND subject_id = $2::uuid AND version = $3::bigint;
