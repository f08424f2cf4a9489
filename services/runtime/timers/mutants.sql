-- What bugs on purpose say instead (runtime/core/mutant.h).

-- For `claim`: whoever looks takes what is due, also what another is about to fire.
-- name: claim_unlocked
SELECT agency_id, subject_id, next_due, attempts, ctid AS place FROM runtime.timers
WHERE kind = $1::text AND next_due >= $2::timestamptz AND next_due <= $3::timestamptz
ORDER BY next_due LIMIT $4::bigint;

-- For `put_back`: what could not be fired now is fired no more.
-- name: give_up
DELETE FROM runtime.timers
WHERE kind = $1::text AND agency_id = $2::uuid AND subject_id = $3::uuid AND next_due = $4::timestamptz
  AND $5::timestamptz IS NOT NULL;
