-- What bugs on purpose say instead (runtime/core/mutant.h).

-- For `store`: whoever comes second leaves the first one's answer, and what he did stands beside it.
-- name: store_where_none
INSERT INTO runtime.requests (agency_id, method, request_id, fingerprint, response)
VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::bytea) ON CONFLICT DO NOTHING;
