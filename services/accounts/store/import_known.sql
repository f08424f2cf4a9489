-- What the agency has of what rows of a book mention. Each lookup is a LATERAL with a LIMIT, as in import_matches.sql.

-- Those that have one of these names or forms, or whose location or contact has one; of several of one form or name two,
-- the eldest first; and all that they stand under.
-- name: known_accounts
WITH RECURSIVE mentioned AS (
  SELECT a.id FROM unnest($2::text[]) AS key
  CROSS JOIN LATERAL (SELECT id FROM accounts WHERE agency_id = $1::uuid AND name_key = key LIMIT 1) a
  UNION ALL
  SELECT a.id FROM unnest($3::text[]) AS key
  CROSS JOIN LATERAL (SELECT id FROM accounts WHERE agency_id = $1::uuid AND form_key <> '' AND form_key = key
                      ORDER BY id LIMIT 2) a
  UNION ALL
  SELECT l.account_id FROM unnest($4::text[]) AS key
  CROSS JOIN LATERAL (SELECT account_id FROM locations WHERE agency_id = $1::uuid AND name_key = key LIMIT 2) l
  UNION ALL
  SELECT c.account_id FROM unnest($5::text[]) AS key
  CROSS JOIN LATERAL (SELECT DISTINCT account_id FROM contacts WHERE agency_id = $1::uuid AND name_key = key
                      ORDER BY account_id LIMIT 2) c
), known AS (
  SELECT id FROM mentioned
  UNION
  SELECT parent.parent_id FROM known
  CROSS JOIN LATERAL (SELECT parent_id FROM accounts a WHERE a.agency_id = $1::uuid AND a.id = known.id LIMIT 1) parent
  WHERE parent.parent_id IS NOT NULL
)
SELECT a.id, a.name, coalesce(parent.name, '') AS parent
FROM known
CROSS JOIN LATERAL (SELECT id, name, parent_id FROM accounts a
                    WHERE a.agency_id = $1::uuid AND a.id = known.id LIMIT 1) a
LEFT JOIN LATERAL (SELECT name FROM accounts p WHERE p.agency_id = $1::uuid AND p.id = a.parent_id LIMIT 1) parent ON true
ORDER BY a.id;

-- Of each account all, the eldest first.
-- name: known_locations
SELECT place, l.name, l.time_zone
FROM unnest($2::uuid[]) WITH ORDINALITY AS g (account_id, place)
CROSS JOIN LATERAL (SELECT id, name, time_zone FROM locations
                    WHERE agency_id = $1::uuid AND account_id = g.account_id OFFSET 0) l
ORDER BY place, l.id;

-- Of each name one of an account, and of two accounts: that it is not just one is enough.
-- name: known_contacts
SELECT a.name AS account, c.name
FROM unnest($2::text[]) AS key
CROSS JOIN LATERAL (SELECT DISTINCT ON (account_id) account_id, name FROM contacts
                    WHERE agency_id = $1::uuid AND name_key = key ORDER BY account_id LIMIT 2) c
CROSS JOIN LATERAL (SELECT name FROM accounts a WHERE a.agency_id = $1::uuid AND a.id = c.account_id LIMIT 1) a;

-- An agency has some dozens.
-- name: known_carriers
SELECT name FROM carriers WHERE agency_id = $1::uuid ORDER BY id;

-- Those that were imported.
-- name: known_contracts
SELECT i.name FROM unnest($2::uuid[]) AS source
CROSS JOIN LATERAL (SELECT name FROM imported WHERE agency_id = $1::uuid AND source_id = source LIMIT 1) i;

-- Each once, whichever of its numbers was mentioned.
-- name: known_products
WITH known AS (
  SELECT p.id FROM unnest($2::text[]) AS key
  CROSS JOIN LATERAL (SELECT id FROM products WHERE agency_id = $1::uuid AND btn <> '' AND btn = key OFFSET 0) p
  UNION
  SELECT p.id FROM unnest($3::text[]) AS key
  CROSS JOIN LATERAL (SELECT id FROM products WHERE agency_id = $1::uuid AND circuit_key = key OFFSET 0) p
)
SELECT c.name AS carrier, p.circuit_id, a.name AS account, coalesce(ca.number, '') AS carrier_account, p.btn, p.status
FROM known
CROSS JOIN LATERAL (SELECT * FROM products p WHERE p.agency_id = $1::uuid AND p.id = known.id LIMIT 1) p
CROSS JOIN LATERAL (SELECT name FROM carriers c WHERE c.agency_id = $1::uuid AND c.id = p.carrier_id LIMIT 1) c
CROSS JOIN LATERAL (SELECT name FROM accounts a WHERE a.agency_id = $1::uuid AND a.id = p.account_id LIMIT 1) a
LEFT JOIN LATERAL (SELECT number FROM carrier_accounts ca
                   WHERE ca.agency_id = $1::uuid AND ca.id = p.carrier_account_id LIMIT 1) ca ON true
ORDER BY p.id;
