-- Copies of the book: an older version never replaces a newer one, whatever the order in which they arrive.

-- name: keep_account
INSERT INTO accounts (agency_id, id, name, status, owner_id, tier, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (agency_id, id) DO UPDATE
  SET name = excluded.name, status = excluded.status, owner_id = excluded.owner_id, tier = excluded.tier,
      version = excluded.version
  WHERE accounts.version < excluded.version;

-- name: keep_location
INSERT INTO locations (agency_id, id, account_id, name, time_zone, version) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (agency_id, id) DO UPDATE
  SET account_id = excluded.account_id, name = excluded.name, time_zone = excluded.time_zone,
      version = excluded.version
  WHERE locations.version < excluded.version;

-- name: keep_contact
INSERT INTO contacts (agency_id, id, account_id, name, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, id) DO UPDATE
  SET account_id = excluded.account_id, name = excluded.name, version = excluded.version
  WHERE contacts.version < excluded.version;

-- name: keep_staff
INSERT INTO staff (agency_id, id, version) VALUES ($1, $2, $3)
ON CONFLICT (agency_id, id) DO UPDATE SET version = excluded.version WHERE staff.version < excluded.version;

-- name: knows_staff
SELECT EXISTS (SELECT FROM staff WHERE id = $1::uuid);
