-- What an outage card shows, a statement a part. $1 is the agency, $2 the account, $3 the site or null for all of them;
-- the last bounds the rows.

-- Of an account or one of its sites, by either's id.
-- name: card_head
SELECT a.id AS account_id, place.location_id, a.name AS account_name, a.number AS account_number,
       a.status AS account_status, a.tier, s.id AS owner_id, s.name AS owner_name, s.email AS owner_email,
       s.time_zone AS owner_time_zone, s.version AS owner_version, g.time_zone AS agency_zone
FROM (SELECT id AS account_id, NULL::uuid AS location_id FROM accounts WHERE agency_id = $1::uuid AND id = $2::uuid
      UNION ALL
      SELECT account_id, id FROM locations WHERE agency_id = $1::uuid AND id = $2::uuid) AS place
JOIN accounts a ON a.agency_id = $1::uuid AND a.id = place.account_id
JOIN staff s ON s.agency_id = $1::uuid AND s.id = a.owner_id
JOIN agencies g ON g.agency_id = $1::uuid;

-- name: card_locations
SELECT id, name, street, city, state, postal_code, time_zone, main_phone FROM locations
WHERE agency_id = $1::uuid AND account_id = $2::uuid AND ($3::uuid IS NULL OR id = $3::uuid)
ORDER BY name_key LIMIT $4::bigint;

-- name: card_contacts
SELECT id, name, title, email, phone, location_ids FROM contacts
WHERE agency_id = $1::uuid AND account_id = $2::uuid
  AND ($3::uuid IS NULL OR location_ids = '{}' OR $3::uuid = ANY (location_ids))
ORDER BY location_ids = '{}', name_key, id LIMIT $4::bigint;

-- name: card_products
SELECT p.id, p.circuit_id, p.location_id, p.carrier_id, c.name AS carrier_name, p.carrier_account_id,
       coalesce(ca.number, '') AS carrier_account_number, coalesce(nullif(p.btn, ''), ca.btn, '') AS btn, p.type,
       p.service, p.speed, p.status, p.contract_number
FROM products p
JOIN carriers c ON c.agency_id = p.agency_id AND c.id = p.carrier_id
LEFT JOIN carrier_accounts ca ON ca.agency_id = p.agency_id AND ca.id = p.carrier_account_id
WHERE p.agency_id = $1::uuid AND p.account_id = $2::uuid AND ($3::uuid IS NULL OR p.location_id = $3::uuid)
  AND p.status NOT IN ('terminated', 'cancelled', 'aborted')
ORDER BY c.name_key, p.circuit_key, p.id LIMIT $4::bigint;

-- name: card_carrier_accounts
SELECT ca.id, ca.carrier_id, c.name AS carrier_name, ca.number, ca.btn
FROM carrier_accounts ca JOIN carriers c ON c.agency_id = ca.agency_id AND c.id = ca.carrier_id
WHERE ca.agency_id = $1::uuid AND ca.account_id = $2::uuid
  AND ($3::uuid IS NULL OR EXISTS (SELECT FROM products p
                                   WHERE p.agency_id = $1::uuid AND p.location_id = $3::uuid
                                     AND p.carrier_account_id = ca.id))
ORDER BY c.name_key, ca.number_key, ca.id LIMIT $4::bigint;

-- name: card_carrier_contacts
SELECT id, carrier_id, function, level, name, phone, after_hours_phone, email, hours, time_zone, verified_on, notes,
       version
FROM carrier_contacts
WHERE agency_id = $1::uuid AND carrier_id = ANY ($2::uuid[]) AND function_key IN ('repair', 'escalation')
ORDER BY carrier_id, function_key, level NULLS FIRST, name_key, id LIMIT $3::bigint;

-- name: card_secrets
SELECT subject_id, kind, set_at FROM verification_data
WHERE agency_id = $1::uuid AND subject_id = ANY ($2::uuid[]) ORDER BY kind;

-- name: card_contracts
SELECT id, number, location_id, carrier_name, state, current_term_end AS term_end,
       current_term_notice_deadline AS notice_deadline, decision
FROM contracts
WHERE agency_id = $1::uuid AND account_id = $2::uuid
  AND ($3::uuid IS NULL OR location_id IS NULL OR location_id = $3::uuid)
  AND state IN ('inProcess', 'approved', 'active', 'pendingTerminate')
ORDER BY current_term_notice_deadline NULLS LAST, number, id LIMIT $4::bigint;

-- name: card_tickets
SELECT id, name, location_id, status, priority, carrier, carrier_ticket, opened_at FROM tickets
WHERE agency_id = $1::uuid AND account_id = $2::uuid
  AND ($3::uuid IS NULL OR location_id IS NULL OR location_id = $3::uuid)
  AND status NOT IN ('closed', 'cancelled', 'rejected')
ORDER BY priority, opened_at, id LIMIT $4::bigint;

-- name: card_sources
SELECT topic, sequence, as_of FROM card_sources WHERE agency_id = $1::uuid AND account_id = $2::uuid ORDER BY topic;
