-- The columns of a ticket stand in the order of its Fields.
-- part: ticket
id, account_id, location_id, contact_id, name, description, priority, status, owner_id, opened_at, pause_reason,
resolution, resolved_at, carrier, carrier_ticket, version

-- What is known of the account, location and contact that a new ticket names. The account row is locked, so that it
-- cannot be closed between this and the commit.
-- name: load_entitlement
SELECT a.status AS account_status, a.owner_id, a.tier, l.account_id AS account_of_location, c.account_id AS account_of_contact
FROM accounts a
LEFT JOIN locations l ON l.agency_id = a.agency_id AND l.id = $2::uuid
LEFT JOIN contacts c ON c.agency_id = a.agency_id AND c.id = $3::uuid
WHERE a.id = $1::uuid
FOR SHARE OF a;

-- name: insert_ticket
INSERT INTO tickets (agency_id, {{ticket}})
VALUES ($1, {{ticket as $2}});

-- name: load_ticket
SELECT {{ticket}}
FROM tickets WHERE id = $1::uuid;

-- name: lock_ticket
SELECT {{ticket}}
FROM tickets WHERE id = $1::uuid FOR UPDATE;

-- The whole ticket, so that no change can forget a column.
-- name: update_ticket
UPDATE tickets
SET ({{ticket}}) = ROW ({{ticket as $1}})
WHERE id = $1;

-- Newest first; the page before ended at (opened_at, id). Both lists take the same parameters, the account's among them.
-- part: filtered
($6::uuid IS NULL OR location_id = $6) AND ($7::text IS NULL OR status = $7) AND ($8::uuid IS NULL OR owner_id = $8)
  AND (NOT $9::boolean OR status NOT IN ('closed', 'cancelled', 'rejected'))
  AND (NOT $10::boolean OR EXISTS (SELECT FROM sla_clocks AS c WHERE c.agency_id = $1 AND c.ticket_id = t.id
                                                               AND c.breached AND c.stopped_at IS NULL))
ORDER BY opened_at DESC, id DESC LIMIT $4::bigint

-- name: list_all
SELECT {{ticket}}
FROM tickets AS t
WHERE agency_id = $1::uuid AND (opened_at, id) < ($2::timestamptz, $3::uuid) AND $5::uuid IS NULL
  AND {{filtered}};

-- name: list_of_account
SELECT {{ticket}}
FROM tickets AS t
WHERE agency_id = $1::uuid AND (opened_at, id) < ($2::timestamptz, $3::uuid) AND account_id = $5::uuid
  AND {{filtered}};

-- name: insert_status_change
INSERT INTO status_changes (agency_id, ticket_id, version, status, pause_reason, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: list_status_changes
SELECT version, status, pause_reason, changed_at, changed_by FROM status_changes
WHERE agency_id = $1::uuid AND ticket_id = $2::uuid AND version > $3::bigint ORDER BY version LIMIT $4::bigint;
