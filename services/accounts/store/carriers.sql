-- name: insert_carrier
INSERT INTO carriers (agency_id, id, name, notes, version, name_key) VALUES ($1, $2, $3, $4, $5, $6);

-- name: load_carrier
SELECT id, name, notes, version FROM carriers WHERE id = $1::uuid;

-- Whoever changes a carrier or one of its contacts holds the carrier.
-- name: lock_carrier
SELECT id, name, notes, version FROM carriers WHERE id = $1::uuid FOR UPDATE;

-- name: store_carrier
UPDATE carriers SET name = $2::text, notes = $3::text, version = $4::bigint, name_key = $5::text
WHERE id = $1::uuid;

-- By name; the page before ended at $2.
-- name: list_carriers
SELECT id, name, notes, version FROM carriers
WHERE agency_id = $1::uuid AND name_key > $2::text ORDER BY name_key LIMIT $3::bigint;

-- name: insert_carrier_contact
INSERT INTO carrier_contacts (agency_id, id, carrier_id, function, level, name, phone, after_hours_phone, email, hours,
                              time_zone, verified_on, notes, version, function_key, name_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: store_carrier_contact
UPDATE carrier_contacts
SET carrier_id = $2::uuid, function = $3::text, level = $4::integer, name = $5::text, phone = $6::text,
    after_hours_phone = $7::text, email = $8::text, hours = $9::text[], time_zone = $10::text,
    verified_on = $11::date, notes = $12::text, version = $13::bigint, function_key = $14::text, name_key = $15::text
WHERE id = $1::uuid;

-- name: remove_carrier_contact
DELETE FROM carrier_contacts WHERE id = $1::uuid;

-- Those that are called first come first. An empty function means all of them.
-- name: contacts_of_carrier
SELECT id, carrier_id, function, level, name, phone, after_hours_phone, email, hours, time_zone, verified_on, notes,
       version
FROM carrier_contacts
WHERE agency_id = $1::uuid AND carrier_id = $2::uuid AND ($3::text = '' OR function_key = $3::text)
ORDER BY function_key, level NULLS FIRST, name_key, id;

-- name: carrier_of_contact
SELECT carrier_id FROM carrier_contacts WHERE id = $1::uuid;

-- name: insert_carrier_account
INSERT INTO carrier_accounts (agency_id, id, carrier_id, number, account_id, btn, version, number_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: load_carrier_account
SELECT id, carrier_id, number, account_id, btn, version FROM carrier_accounts WHERE id = $1::uuid;

-- name: list_carrier_accounts
SELECT id, carrier_id, number, account_id, btn, version FROM carrier_accounts
WHERE agency_id = $1::uuid AND account_id = $4::uuid AND id > $2::uuid ORDER BY id LIMIT $3::bigint;
