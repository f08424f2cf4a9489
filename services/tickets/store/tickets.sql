-- What is known of the account, location and contact that a new ticket names. The account row is locked, so that it
-- cannot be closed between this and the commit.
-- name: load_entitlement
SELECT a.status AS account_status, a.owner_id, l.account_id AS account_of_location, c.account_id AS account_of_contact
FROM accounts a
LEFT JOIN locations l ON l.agency_id = a.agency_id AND l.id = $2::uuid
LEFT JOIN contacts c ON c.agency_id = a.agency_id AND c.id = $3::uuid
WHERE a.id = $1::uuid
FOR SHARE OF a;

-- name: insert_ticket
INSERT INTO tickets (agency_id, id, account_id, location_id, contact_id, name, description, priority, status, owner_id,
                     opened_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: load_ticket
SELECT id, account_id, location_id, contact_id, name, description, priority, status, owner_id, opened_at, version
FROM tickets WHERE id = $1::uuid;
