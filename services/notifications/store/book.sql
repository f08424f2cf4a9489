-- Copies of the book: an older version never replaces a newer one, whatever the order in which they arrive.

-- name: keep_agency
INSERT INTO agencies (agency_id, id, name, version) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency_id, id) DO UPDATE SET name = excluded.name, version = excluded.version
  WHERE agencies.version < excluded.version;

-- name: keep_staff
INSERT INTO staff (agency_id, id, name, email, time_zone, version) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (agency_id, id) DO UPDATE
  SET name = excluded.name, email = excluded.email, time_zone = excluded.time_zone, version = excluded.version
  WHERE staff.version < excluded.version;

-- name: keep_account
INSERT INTO accounts (agency_id, id, name, owner_id, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, id) DO UPDATE
  SET name = excluded.name, owner_id = excluded.owner_id, version = excluded.version
  WHERE accounts.version < excluded.version;

-- name: keep_location
INSERT INTO locations (agency_id, id, account_id, name, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, id) DO UPDATE
  SET account_id = excluded.account_id, name = excluded.name, version = excluded.version
  WHERE locations.version < excluded.version;

-- Who answers for an account now, or the one who is named; no row while any of it is unknown here.
-- name: load_addressee
SELECT g.name AS agency, a.name AS account, s.id, s.name, s.email, s.time_zone, l.name AS location
FROM accounts a
JOIN agencies g ON g.agency_id = a.agency_id AND g.id = a.agency_id
JOIN staff s ON s.agency_id = a.agency_id AND s.id = coalesce($3::uuid, a.owner_id)
LEFT JOIN locations l ON l.agency_id = a.agency_id AND l.id = $2::uuid
WHERE a.id = $1::uuid;

-- name: knows_staff
SELECT EXISTS (SELECT FROM staff WHERE id = $1::uuid);
