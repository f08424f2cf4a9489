-- Whoever repeats a request while its first attempt still runs waits here, and then finds the answer.
-- name: take_turns
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid || '/' || $2::text || '/' || $3::text, 0));

-- Sends all that was deferred and waits for it, so that its failures are known before a rehearsal is rolled back.
-- name: settle
SELECT 1;

-- name: find
SELECT fingerprint, response FROM runtime.requests
WHERE agency_id = $1::uuid AND method = $2::text AND request_id = $3::text;

-- name: store
INSERT INTO runtime.requests (agency_id, method, request_id, fingerprint, response)
VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::bytea);
