-- An account of which only an imported row has told; what accounts itself says replaces it.
-- name: keep_mentioned
INSERT INTO accounts (agency_id, id, name, status, tier, owner_id, version)
VALUES ($1, $2, $3, 'active', 'standard', NULL, 0) ON CONFLICT (agency_id, id) DO NOTHING;

-- What was last imported as each of these.
-- name: fingerprints
SELECT id, fingerprint FROM imports WHERE agency_id = $1::uuid AND id = ANY ($2::uuid[]);

-- name: keep_fingerprint
INSERT INTO imports (agency_id, id, fingerprint) VALUES ($1, $2, $3)
ON CONFLICT (agency_id, id) DO UPDATE SET fingerprint = excluded.fingerprint;

-- name: existing
SELECT id FROM contracts WHERE agency_id = $1::uuid AND id = ANY ($2::uuid[]);

-- Whose each of these numbers is: of a contract that is there, or of the first row that brings it.
-- name: holders
SELECT given.place, c.id AS contract_id, min(given.place) OVER (PARTITION BY lower(given.number)) AS first_place
FROM unnest($2::text[]) WITH ORDINALITY AS given(number, place)
LEFT JOIN contracts AS c ON c.agency_id = $1::uuid AND lower(c.number) = lower(given.number) AND c.number <> ''
WHERE given.number <> '';
