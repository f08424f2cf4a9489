-- The oldest, of one agency or of all.
-- name: oldest
SELECT handler, event_id, agency_id, topic, key, type, sequence, occurred_at, reason, message, died_at
FROM runtime.dead_letters WHERE $1::uuid IS NULL OR agency_id = $1::uuid
ORDER BY died_at, event_id LIMIT $2::bigint;
