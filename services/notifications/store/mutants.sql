-- What bugs on purpose say instead (runtime/core/mutant.h).

-- For `head_of_lane`: what waits for a retry lets those behind it go ahead.
-- name: first_due_of_lane
SELECT id, subscription_id, event_id, event_name, account_id, state, attempts, next_attempt_at, created_at, ended_at,
       version
FROM deliveries WHERE subscription_id = $1::uuid AND lane = $2::uuid AND ended_at IS NULL
ORDER BY next_attempt_at, position LIMIT 1;
