-- name: insert_agency
INSERT INTO agencies (agency_id, name, time_zone, version) VALUES ($1, $2, $3, $4);

-- name: load_agency
SELECT agency_id AS id, name, time_zone, version FROM agencies WHERE agency_id = $1::uuid;

-- name: insert_staff
INSERT INTO staff (agency_id, id, name, email, time_zone, version) VALUES ($1, $2, $3, $4, $5, $6);

-- name: load_staff
SELECT id, name, email, time_zone, version FROM staff WHERE id = $1::uuid;

-- name: insert_api_key
INSERT INTO api_keys (agency_id, id, name, secret_hash, permissions, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- Once revoked it stays so, as of the first time.
-- name: revoke_api_key
UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2::timestamptz) WHERE id = $1::text;

-- name: find_api_key
SELECT agency_id, secret_hash, permissions FROM find_api_key($1::text);
