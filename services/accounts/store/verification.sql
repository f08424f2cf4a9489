-- name: carrier_account_exists
SELECT EXISTS (SELECT FROM carrier_accounts WHERE id = $1::uuid) AS exists;

-- name: product_exists
SELECT EXISTS (SELECT FROM products WHERE id = $1::uuid) AS exists;

-- name: store_verification
INSERT INTO verification_data (agency_id, carrier_account_id, product_id, kind, set_at, set_by, key_id, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (agency_id, subject_id, kind) DO UPDATE
  SET set_at = excluded.set_at, set_by = excluded.set_by, key_id = excluded.key_id, sealed = excluded.sealed;

-- name: load_sealed
SELECT key_id, sealed FROM verification_data
WHERE agency_id = $1::uuid AND subject_id = $2::uuid AND kind = $3::text;

-- Without what is sealed.
-- name: verifications_of
SELECT carrier_account_id, product_id, kind, set_at, set_by FROM verification_data
WHERE agency_id = $1::uuid AND subject_id = $2::uuid ORDER BY kind;

-- name: insert_audit_entry
INSERT INTO audit_entries (agency_id, id, at, actor_kind, actor_id, action, subject_id, detail, reason, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
