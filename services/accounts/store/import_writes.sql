-- Whole chunks of new and changed resources. Who changed one meanwhile has counted its version up: then fewer rows are
-- affected, and the chunk is compared anew.

-- name: insert_carriers
INSERT INTO carriers (agency_id, name_key, id, name, notes, version)
SELECT $1::uuid, n.* FROM unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[]) AS n;

-- name: update_carriers
UPDATE carriers c SET notes = n.notes, version = n.version
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[]) AS n (id, name, notes, version)
WHERE c.agency_id = $1::uuid AND c.id = n.id AND c.version = n.version - 1;

-- name: insert_accounts
INSERT INTO accounts (agency_id, name_key, form_key, id, name, number, status, status_reason, tier, owner_id, parent_id, since,
                      representative, notes, version)
SELECT $1::uuid, n.* FROM unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::uuid[], $11::uuid[], $12::date[], $13::text[], $14::text[], $15::bigint[]) AS n;

-- name: update_accounts
UPDATE accounts a
SET number = n.number, status = n.status, status_reason = n.status_reason, owner_id = n.owner_id,
    parent_id = n.parent_id, since = n.since, representative = n.representative, notes = n.notes, version = n.version
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::date[],
            $11::text[], $12::text[], $13::bigint[])
  AS n (id, name, number, status, status_reason, tier, owner_id, parent_id, since, representative, notes, version)
WHERE a.agency_id = $1::uuid AND a.id = n.id AND a.version = n.version - 1;

-- name: insert_locations
INSERT INTO locations (agency_id, name_key, id, account_id, name, street, city, state, postal_code, time_zone,
                       time_zone_source, main_phone, status, notes, version)
SELECT $1::uuid, n.* FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[]) AS n;

-- name: update_locations
UPDATE locations l
SET street = n.street, city = n.city, state = n.state, postal_code = n.postal_code, time_zone = n.time_zone,
    time_zone_source = n.time_zone_source, main_phone = n.main_phone, status = n.status, notes = n.notes,
    version = n.version
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::text[], $14::bigint[])
  AS n (id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source, main_phone, status, notes,
        version)
WHERE l.agency_id = $1::uuid AND l.id = n.id AND l.version = n.version - 1;

-- name: insert_contacts
INSERT INTO contacts (agency_id, name_key, id, account_id, name, title, email, phone, location_ids, version)
SELECT $1::uuid, name_key, id, account_id, name, title, email, phone, location_ids::uuid[], version
FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::bigint[])
  AS n (name_key, id, account_id, name, title, email, phone, location_ids, version);

-- name: update_contacts
UPDATE contacts c
SET title = n.title, email = n.email, phone = n.phone, location_ids = n.location_ids::uuid[], version = n.version
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[])
  AS n (id, account_id, name, title, email, phone, location_ids, version)
WHERE c.agency_id = $1::uuid AND c.id = n.id AND c.version = n.version - 1;

-- A book says nothing of a desk's hours.
-- name: insert_carrier_contacts
INSERT INTO carrier_contacts (agency_id, function_key, name_key, id, carrier_id, function, level, name, phone,
                              after_hours_phone, email, hours, time_zone, verified_on, notes, version)
SELECT $1::uuid, n.function_key, n.name_key, n.id, n.carrier_id, n.function, n.level, n.name, n.phone,
       n.after_hours_phone, n.email, '{}', '', n.verified_on, n.notes, n.version
FROM unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::integer[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::date[], $13::text[], $14::bigint[])
  AS n (function_key, name_key, id, carrier_id, function, level, name, phone, after_hours_phone, email, verified_on,
        notes, version);

-- name: update_carrier_contacts
UPDATE carrier_contacts c
SET phone = n.phone, after_hours_phone = n.after_hours_phone, email = n.email, verified_on = n.verified_on,
    notes = n.notes, version = n.version
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::bigint[])
  AS n (id, phone, after_hours_phone, email, verified_on, notes, version)
WHERE c.agency_id = $1::uuid AND c.id = n.id AND c.version = n.version - 1;

-- name: insert_carrier_accounts
INSERT INTO carrier_accounts (agency_id, number_key, id, carrier_id, number, account_id, btn, version)
SELECT $1::uuid, n.* FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
                                 $8::bigint[]) AS n;

-- name: update_carrier_accounts
UPDATE carrier_accounts c SET account_id = n.account_id, version = n.version
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::bigint[])
  AS n (id, carrier_id, number, account_id, btn, version)
WHERE c.agency_id = $1::uuid AND c.id = n.id AND c.version = n.version - 1;

-- name: insert_products
INSERT INTO products (agency_id, circuit_key, id, account_id, location_id, carrier_id, carrier_account_id, circuit_id,
                      btn, type, service, speed, mrc_minor, mrc_currency, nrc_minor, nrc_currency, installed_on,
                      terminated_on, status, contract_number, contract_id, notes, version)
SELECT $1::uuid, n.* FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[],
  $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::bigint[], $16::text[], $17::date[],
  $18::date[], $19::text[], $20::text[], $21::uuid[], $22::text[], $23::bigint[]) AS n;

-- name: update_products
UPDATE products p
SET account_id = n.account_id, location_id = n.location_id, carrier_account_id = n.carrier_account_id, btn = n.btn,
    type = n.type, service = n.service, speed = n.speed, mrc_minor = n.mrc_minor, mrc_currency = n.mrc_currency,
    nrc_minor = n.nrc_minor, nrc_currency = n.nrc_currency, installed_on = n.installed_on,
    terminated_on = n.terminated_on, status = n.status, contract_number = n.contract_number,
    contract_id = n.contract_id, notes = n.notes, version = n.version
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::bigint[], $13::text[], $14::bigint[], $15::text[], $16::date[], $17::date[], $18::text[],
            $19::text[], $20::uuid[], $21::text[], $22::bigint[])
  AS n (id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type, service, speed, mrc_minor,
        mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, contract_number, contract_id, notes,
        version)
WHERE p.agency_id = $1::uuid AND p.id = n.id AND p.version = n.version - 1;
