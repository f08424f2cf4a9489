-- name: insert_product
INSERT INTO products (agency_id, id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type,
                      service, speed, mrc_minor, mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on,
                      status, contract_number, contract_id, notes, version, circuit_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23);

-- name: load_product
SELECT id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type, service, speed, mrc_minor,
       mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, contract_number, contract_id, notes,
       version
FROM products WHERE id = $1::uuid;

-- name: lock_product
SELECT id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type, service, speed, mrc_minor,
       mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, contract_number, contract_id, notes,
       version
FROM products WHERE id = $1::uuid FOR UPDATE;

-- Of what a product names: nothing where it does not exist.
-- name: load_product_surroundings
SELECT EXISTS (SELECT FROM carriers WHERE id = $1::uuid) AS carrier_exists,
       (SELECT account_id FROM locations WHERE id = $2::uuid) AS account_of_location,
       (SELECT carrier_id FROM carrier_accounts WHERE id = $3::uuid) AS carrier_of_carrier_account,
       (SELECT account_id FROM carrier_accounts WHERE id = $3::uuid) AS account_of_carrier_account;

-- What a change may change.
-- name: store_product
UPDATE products
SET location_id = $2::uuid, carrier_account_id = $3::uuid, circuit_id = $4::text, btn = $5::text, type = $6::text,
    service = $7::text, speed = $8::text, mrc_minor = $9::bigint, mrc_currency = $10::text, nrc_minor = $11::bigint,
    nrc_currency = $12::text, installed_on = $13::date, terminated_on = $14::date, status = $15::text,
    contract_number = $16::text, contract_id = $17::uuid, notes = $18::text, version = $19::bigint,
    circuit_key = $20::text
WHERE id = $1::uuid;

-- Where a product is: of its location, or of the agency where that has no zone.
-- name: zone_of_product
SELECT coalesce(nullif(l.time_zone, ''), a.time_zone) AS time_zone
FROM agencies a LEFT JOIN locations l ON l.agency_id = a.agency_id AND l.id = $2::uuid
WHERE a.agency_id = $1::uuid;

-- By id; the page before ended at $2. Of all products, of one account and of one carrier, each by its own index.
-- name: list_products
SELECT id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type, service, speed, mrc_minor,
       mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, contract_number, contract_id, notes,
       version
FROM products
WHERE agency_id = $1::uuid AND id > $2::uuid AND ($4::text IS NULL OR status = $4::text)
ORDER BY id LIMIT $3::bigint;

-- name: list_products_of_account
SELECT id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type, service, speed, mrc_minor,
       mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, contract_number, contract_id, notes,
       version
FROM products
WHERE agency_id = $1::uuid AND account_id = $5::uuid AND id > $2::uuid
  AND ($4::text IS NULL OR status = $4::text) AND ($6::uuid IS NULL OR carrier_id = $6::uuid)
  AND ($7::uuid IS NULL OR location_id = $7::uuid)
ORDER BY id LIMIT $3::bigint;

-- name: list_products_of_carrier
SELECT id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type, service, speed, mrc_minor,
       mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, contract_number, contract_id, notes,
       version
FROM products
WHERE agency_id = $1::uuid AND carrier_id = $5::uuid AND id > $2::uuid
  AND ($4::text IS NULL OR status = $4::text)
ORDER BY id LIMIT $3::bigint;

-- name: account_of_location
SELECT account_id FROM locations WHERE id = $1::uuid;
