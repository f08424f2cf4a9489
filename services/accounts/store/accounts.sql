-- Who hangs accounts under others shares the agency's row: nobody else moves a branch meanwhile (move_branch locks it
-- alone), so that the depth that was counted still holds at the commit.
-- name: share_tree
SELECT agency_id FROM agencies WHERE agency_id = $1::uuid FOR SHARE;

-- Of the owner and the parent that a new account names. The walk upwards ends: max_depth bounds it.
-- name: load_surroundings
WITH RECURSIVE above AS (
  SELECT parent_id FROM accounts WHERE id = $2::uuid
  UNION ALL
  SELECT a.parent_id FROM above JOIN accounts a ON a.id = above.parent_id
)
SELECT EXISTS (SELECT FROM staff WHERE id = $1::uuid) AS owner_exists,
       (SELECT nullif(count(*), 0)::integer FROM above) AS parent_depth;

-- name: insert_account
INSERT INTO accounts (agency_id, id, name, number, status, status_reason, tier, owner_id, parent_id, since,
                      representative, notes, version, name_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: load_account
SELECT id, name, number, status, status_reason, tier, owner_id, parent_id, since, representative, notes, version
FROM accounts WHERE id = $1::uuid;

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

-- name: insert_contact
INSERT INTO contacts (agency_id, id, account_id, name, title, email, phone, location_ids, version, name_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: contacts_of
SELECT id, account_id, name, title, email, phone, location_ids, version
FROM contacts WHERE account_id = $1::uuid ORDER BY id;
