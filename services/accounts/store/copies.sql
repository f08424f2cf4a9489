-- Copies of what other services publish: an older version never replaces a newer one, whatever the order in which they
-- arrive.

-- name: keep_contract
INSERT INTO contracts (agency_id, id, number, account_id, location_id, carrier_name, state, current_term_end,
                       current_term_notice_deadline, decision, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (agency_id, id) DO UPDATE
  SET number = excluded.number, location_id = excluded.location_id, carrier_name = excluded.carrier_name,
      state = excluded.state, current_term_end = excluded.current_term_end,
      current_term_notice_deadline = excluded.current_term_notice_deadline, decision = excluded.decision,
      version = excluded.version
  WHERE contracts.version < excluded.version;

-- name: keep_ticket
INSERT INTO tickets (agency_id, id, account_id, location_id, name, status, priority, carrier, carrier_ticket, opened_at,
                     version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (agency_id, id) DO UPDATE
  SET location_id = excluded.location_id, name = excluded.name, status = excluded.status, priority = excluded.priority,
      carrier = excluded.carrier, carrier_ticket = excluded.carrier_ticket, version = excluded.version
  WHERE tickets.version < excluded.version;

-- name: keep_source
INSERT INTO card_sources (agency_id, account_id, topic, sequence, as_of) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, account_id, topic) DO UPDATE SET sequence = excluded.sequence, as_of = excluded.as_of
  WHERE card_sources.sequence < excluded.sequence;

-- The places (accounts and their sites) whose cards show something of these accounts, carriers or members of staff. Each
-- by its own index, and sites by an array whose length PostgreSQL does not know beforehand: with conditions in one, or a
-- join, it reads an agency's whole book for each event.
-- name: places_of
WITH shown AS (
  SELECT id FROM accounts WHERE id = ANY ($1::uuid[])
  UNION SELECT id FROM accounts WHERE owner_id = ANY ($3::uuid[])
  UNION SELECT account_id FROM products WHERE carrier_id = ANY ($2::uuid[])
  UNION SELECT account_id FROM carrier_accounts WHERE carrier_id = ANY ($2::uuid[])
)
SELECT id FROM shown
UNION ALL
SELECT id FROM locations WHERE account_id = ANY (ARRAY(SELECT id FROM shown));

-- The same of one account, as nearly every event asks. One plan serves all of them; that of `places_of` is made anew each
-- time, for of carriers that it does not know beforehand PostgreSQL expects most of the book.
-- name: places_of_account
SELECT id FROM accounts WHERE id = $1::uuid
UNION ALL
SELECT id FROM locations WHERE account_id = $1::uuid;

-- The account that a carrier account or product is of: its verification data is on that account's cards.
-- name: account_of_subject
SELECT account_id FROM carrier_accounts WHERE id = $1::uuid
UNION ALL
SELECT account_id FROM products WHERE id = $1::uuid;
