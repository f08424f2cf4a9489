-- What rows of a book may refer to, a page of ids after the other.

-- name: known_accounts
SELECT a.id, a.name, coalesce(p.name, '') AS parent
FROM accounts a LEFT JOIN accounts p ON p.agency_id = a.agency_id AND p.id = a.parent_id
WHERE a.agency_id = $1::uuid AND a.id > $2::uuid ORDER BY a.id LIMIT $3::bigint;

-- name: known_locations
SELECT l.id, a.name AS account, l.name, l.time_zone
FROM locations l JOIN accounts a ON a.agency_id = l.agency_id AND a.id = l.account_id
WHERE l.agency_id = $1::uuid AND l.id > $2::uuid ORDER BY l.id LIMIT $3::bigint;

-- name: known_contacts
SELECT c.id, a.name AS account, c.name
FROM contacts c JOIN accounts a ON a.agency_id = c.agency_id AND a.id = c.account_id
WHERE c.agency_id = $1::uuid AND c.id > $2::uuid ORDER BY c.id LIMIT $3::bigint;

-- name: known_carriers
SELECT id, name FROM carriers WHERE agency_id = $1::uuid AND id > $2::uuid ORDER BY id LIMIT $3::bigint;

-- name: known_contracts
SELECT source_id AS id, name AS number FROM imported
WHERE agency_id = $1::uuid AND kind = 'contract' AND source_id > $2::uuid ORDER BY source_id LIMIT $3::bigint;

-- name: known_products
SELECT p.id, c.name AS carrier, p.circuit_id, a.name AS account, coalesce(ca.number, '') AS carrier_account, p.btn,
       p.status
FROM products p
JOIN carriers c ON c.agency_id = p.agency_id AND c.id = p.carrier_id
JOIN accounts a ON a.agency_id = p.agency_id AND a.id = p.account_id
LEFT JOIN carrier_accounts ca ON ca.agency_id = p.agency_id AND ca.id = p.carrier_account_id
WHERE p.agency_id = $1::uuid AND p.id > $2::uuid ORDER BY p.id LIMIT $3::bigint;
