-- Copies of the book: an older version never replaces a newer one, whatever the order in which they arrive.

-- name: keep_account
INSERT INTO accounts (agency_id, id, name, status, tier, owner_id, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (agency_id, id) DO UPDATE
  SET name = excluded.name, status = excluded.status, tier = excluded.tier, owner_id = excluded.owner_id,
      version = excluded.version
  WHERE accounts.version < excluded.version;

-- name: keep_location
INSERT INTO locations (agency_id, id, account_id, name, time_zone, version) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (agency_id, id) DO UPDATE
  SET account_id = excluded.account_id, name = excluded.name, time_zone = excluded.time_zone,
      version = excluded.version
  WHERE locations.version < excluded.version;

-- An account's sites and contracts are counted by whoever enters one, and must then know of the other: contracts share the
-- account's row, its book has it alone. A statement of its own, for what follows must see what was waited for.
-- name: share_book
SELECT id FROM accounts WHERE id = $1::uuid FOR SHARE;

-- name: hold_book
SELECT id FROM accounts WHERE id = $1::uuid FOR UPDATE;

-- What is known of the account and location that a contract names. The account row is locked, so that it cannot be
-- closed between this and the commit. Its locations' agency is left to row-level security: named once more, it makes
-- the lookup so narrow, in a table that PostgreSQL has not counted, that the key seems as good an index, and a session that
-- has planned so reads all of the agency's locations until they are counted.
-- name: load_standing
SELECT a.status AS account_status, a.tier = 'key' OR sites.count > 1 AS early_lead,
       l.account_id AS account_of_location, nullif(l.time_zone, '') AS zone_of_location, sites.only_zone
FROM accounts a
LEFT JOIN locations l ON l.agency_id = a.agency_id AND l.id = $2::uuid
CROSS JOIN LATERAL (
  SELECT count(*) AS count, CASE WHEN min(s.zone) = max(s.zone) THEN min(s.zone) END AS only_zone
  FROM (SELECT account_id, nullif(time_zone, '') AS zone FROM locations) AS s
  WHERE s.account_id = a.id) AS sites
WHERE a.id = $1::uuid
FOR SHARE OF a;

-- The accounts of contracts that are not over and know otherwise whether they are reminded early (R24).
-- name: unfollowed_accounts
SELECT DISTINCT c.account_id
FROM contracts AS c JOIN accounts AS a ON a.agency_id = c.agency_id AND a.id = c.account_id
WHERE c.agency_id = $1::uuid AND c.state IN ('inProcess', 'approved', 'active', 'pendingTerminate')
  AND c.early_lead <> (a.tier = 'key' OR (SELECT count(*) > 1 FROM locations AS l
                                          WHERE l.agency_id = c.agency_id AND l.account_id = c.account_id));

-- name: account_names
SELECT id, name FROM accounts WHERE id = ANY ($1::uuid[]);
