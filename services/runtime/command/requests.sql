-- name: find
SELECT fingerprint, response FROM runtime.requests
WHERE agency_id = $1::uuid AND method = $2::text AND request_id = $3::text;

-- name: store
INSERT INTO runtime.requests (agency_id, method, request_id, fingerprint, response)
VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::bytea);

-- name: forget
DELETE FROM runtime.requests WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM runtime.requests WHERE created_at < $1::timestamptz LIMIT $2::bigint));
