-- Who hangs accounts under others shares the agency's row: nobody else moves a branch meanwhile (move_branch locks it
-- alone), so that the depth that was counted still holds at the commit.
-- name: share_tree
SELECT agency_id FROM agencies WHERE agency_id = $1::uuid FOR SHARE;

-- Who moves an account holds the row alone.
-- name: move_branch
SELECT agency_id FROM agencies WHERE agency_id = $1::uuid FOR UPDATE;

-- Of the owner and the parent that an account is to have, and of the account itself where it exists. The walks end: the
-- tree has no cycle, and max_depth bounds it.
-- name: load_surroundings
WITH RECURSIVE above AS (
  SELECT id, parent_id FROM accounts WHERE id = $2::uuid
  UNION ALL
  SELECT a.id, a.parent_id FROM above JOIN accounts a ON a.id = above.parent_id
), below AS (
  SELECT id, 1 AS depth FROM accounts WHERE id = $3::uuid
  UNION ALL
  SELECT a.id, below.depth + 1 FROM below JOIN accounts a ON a.parent_id = below.id
)
SELECT EXISTS (SELECT FROM staff WHERE id = $1::uuid) AS owner_exists,
       (SELECT nullif(count(*), 0)::integer FROM above) AS parent_depth,
       EXISTS (SELECT FROM above WHERE id = $3::uuid) AS parent_is_below,
       (SELECT coalesce(max(depth), 1) FROM below) AS height;

-- name: insert_account
INSERT INTO accounts (agency_id, id, name, number, status, status_reason, tier, owner_id, parent_id, since,
                      representative, notes, version, name_key, form_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: load_account
SELECT id, name, number, status, status_reason, tier, owner_id, parent_id, since, representative, notes, version
FROM accounts WHERE id = $1::uuid;

-- name: lock_account
SELECT id, name, number, status, status_reason, tier, owner_id, parent_id, since, representative, notes, version
FROM accounts WHERE id = $1::uuid FOR UPDATE;

-- name: store_account
UPDATE accounts
SET name = $2::text, number = $3::text, status = $4::text, status_reason = $5::text, tier = $6::text,
    owner_id = $7::uuid, parent_id = $8::uuid, since = $9::date, representative = $10::text, notes = $11::text,
    version = $12::bigint, name_key = $13::text, form_key = $14::text
WHERE id = $1::uuid;

-- By name; the page before ended at $2.
-- name: list_accounts
SELECT id, name, number, status, status_reason, tier, owner_id, parent_id, since, representative, notes, version
FROM accounts
WHERE agency_id = $1::uuid AND name_key > $2::text
  AND ($4::text IS NULL OR status = $4::text) AND ($5::uuid IS NULL OR owner_id = $5::uuid)
  AND ($6::uuid IS NULL OR parent_id = $6::uuid)
ORDER BY name_key LIMIT $3::bigint;

-- Held until the commit: an account is not closed while something is added to it.
-- name: lock_status
SELECT status FROM accounts WHERE id = $1::uuid FOR SHARE;

-- name: insert_location
INSERT INTO locations (agency_id, id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source,
                       main_phone, status, notes, version, name_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: locations_of
SELECT id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source, main_phone, status, notes,
       version
FROM locations WHERE account_id = $1::uuid ORDER BY id;

-- Of the locations named, those of the account.
-- name: own_locations
SELECT id FROM locations WHERE account_id = $1::uuid AND id = ANY ($2::uuid[]);

-- name: lock_location
SELECT id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source, main_phone, status, notes,
       version
FROM locations WHERE id = $1::uuid FOR UPDATE;

-- name: live_products
SELECT count(*) FROM products
WHERE location_id = $1::uuid AND status NOT IN ('terminated', 'cancelled', 'aborted');

-- name: store_location
UPDATE locations
SET account_id = $2::uuid, name = $3::text, street = $4::text, city = $5::text, state = $6::text,
    postal_code = $7::text, time_zone = $8::text, time_zone_source = $9::text, main_phone = $10::text,
    status = $11::text, notes = $12::text, version = $13::bigint, name_key = $14::text
WHERE id = $1::uuid;

-- By id; the page before ended at $2.
-- name: list_locations
SELECT id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source, main_phone, status, notes,
       version
FROM locations
WHERE agency_id = $1::uuid AND account_id = $4::uuid AND id > $2::uuid ORDER BY id LIMIT $3::bigint;

-- name: load_location
SELECT id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source, main_phone, status, notes,
       version
FROM locations WHERE id = $1::uuid;

-- name: insert_contact
INSERT INTO contacts (agency_id, id, account_id, name, title, email, phone, location_ids, version, name_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: contacts_of
SELECT id, account_id, name, title, email, phone, location_ids, version
FROM contacts WHERE account_id = $1::uuid ORDER BY id;

-- name: load_contact
SELECT id, account_id, name, title, email, phone, location_ids, version FROM contacts WHERE id = $1::uuid;

-- name: lock_contact
SELECT id, account_id, name, title, email, phone, location_ids, version FROM contacts WHERE id = $1::uuid FOR UPDATE;

-- name: store_contact
UPDATE contacts
SET account_id = $2::uuid, name = $3::text, title = $4::text, email = $5::text, phone = $6::text,
    location_ids = $7::uuid[], version = $8::bigint, name_key = $9::text
WHERE id = $1::uuid;

-- By id; the page before ended at $2.
-- name: list_contacts
SELECT id, account_id, name, title, email, phone, location_ids, version
FROM contacts
WHERE agency_id = $1::uuid AND account_id = $4::uuid AND id > $2::uuid ORDER BY id LIMIT $3::bigint;
