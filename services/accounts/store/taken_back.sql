-- What events of ours say of the book, for a database that was restored and has forgotten it. Each answers whether the
-- resource is here now in this version or a newer one: not while what it refers to is missing, or what only one may have
-- (a name, a number) is another's, which a later event of that one may change.

-- name: take_back_staff
WITH taken AS (
  INSERT INTO staff (agency_id, id, name, email, time_zone, version)
  SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::bigint
  WHERE EXISTS (SELECT FROM agencies WHERE agency_id = $1)
    AND NOT EXISTS (SELECT FROM staff WHERE agency_id = $1 AND email = $4 AND id <> $2)
  ON CONFLICT (agency_id, id) DO UPDATE
    SET name = excluded.name, email = excluded.email, time_zone = excluded.time_zone, version = excluded.version
    WHERE staff.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM staff WHERE agency_id = $1 AND id = $2 AND version >= $6);

-- name: take_back_account
WITH taken AS (
  INSERT INTO accounts (agency_id, id, name, number, status, status_reason, tier, owner_id, parent_id, since,
                        representative, notes, version, name_key, form_key)
  SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::uuid, $9::uuid, $10::date, $11::text,
         $12::text, $13::bigint, $14::text, $15::text
  WHERE EXISTS (SELECT FROM staff WHERE agency_id = $1 AND id = $8)
    AND ($9 IS NULL OR EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND id = $9))
    AND NOT EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND name_key = $14 AND id <> $2)
  ON CONFLICT (agency_id, id) DO UPDATE
    SET name = excluded.name, number = excluded.number, status = excluded.status,
        status_reason = excluded.status_reason, tier = excluded.tier, owner_id = excluded.owner_id,
        parent_id = excluded.parent_id, since = excluded.since, representative = excluded.representative,
        notes = excluded.notes, version = excluded.version, name_key = excluded.name_key, form_key = excluded.form_key
    WHERE accounts.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND id = $2 AND version >= $13);

-- name: take_back_location
WITH taken AS (
  INSERT INTO locations (agency_id, id, account_id, name, street, city, state, postal_code, time_zone, time_zone_source,
                         main_phone, status, notes, version, name_key)
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text,
         $12::text, $13::text, $14::bigint, $15::text
  WHERE EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND id = $3)
    AND NOT EXISTS (SELECT FROM locations WHERE agency_id = $1 AND account_id = $3 AND name_key = $15 AND id <> $2)
  ON CONFLICT (agency_id, id) DO UPDATE
    SET account_id = excluded.account_id, name = excluded.name, street = excluded.street, city = excluded.city,
        state = excluded.state, postal_code = excluded.postal_code, time_zone = excluded.time_zone,
        time_zone_source = excluded.time_zone_source, main_phone = excluded.main_phone, status = excluded.status,
        notes = excluded.notes, version = excluded.version, name_key = excluded.name_key
    WHERE locations.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM locations WHERE agency_id = $1 AND id = $2 AND version >= $14);

-- name: take_back_contact
WITH taken AS (
  INSERT INTO contacts (agency_id, id, account_id, name, title, email, phone, location_ids, version, name_key)
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::uuid[], $9::bigint, $10::text
  WHERE EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND id = $3)
  ON CONFLICT (agency_id, id) DO UPDATE
    SET account_id = excluded.account_id, name = excluded.name, title = excluded.title, email = excluded.email,
        phone = excluded.phone, location_ids = excluded.location_ids, version = excluded.version,
        name_key = excluded.name_key
    WHERE contacts.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM contacts WHERE agency_id = $1 AND id = $2 AND version >= $9);

-- name: take_back_carrier
WITH taken AS (
  INSERT INTO carriers (agency_id, id, name, notes, version, name_key)
  SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::bigint, $6::text
  WHERE NOT EXISTS (SELECT FROM carriers WHERE agency_id = $1 AND name_key = $6 AND id <> $2)
  ON CONFLICT (agency_id, id) DO UPDATE
    SET name = excluded.name, notes = excluded.notes, version = excluded.version, name_key = excluded.name_key
    WHERE carriers.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken);

-- A carrier comes with all its contacts.
-- name: forget_carrier_contacts
DELETE FROM carrier_contacts WHERE agency_id = $1::uuid AND carrier_id = $2::uuid;

-- name: take_back_carrier_account
WITH taken AS (
  INSERT INTO carrier_accounts (agency_id, id, carrier_id, number, account_id, btn, version, number_key)
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::text, $5::uuid, $6::text, $7::bigint, $8::text
  WHERE EXISTS (SELECT FROM carriers WHERE agency_id = $1 AND id = $3)
    AND EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND id = $5)
    AND NOT EXISTS (SELECT FROM carrier_accounts
                    WHERE agency_id = $1 AND carrier_id = $3 AND number_key = $8 AND id <> $2)
  ON CONFLICT (agency_id, id) DO UPDATE
    SET carrier_id = excluded.carrier_id, number = excluded.number, account_id = excluded.account_id, btn = excluded.btn,
        version = excluded.version, number_key = excluded.number_key
    WHERE carrier_accounts.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken)
  OR EXISTS (SELECT FROM carrier_accounts WHERE agency_id = $1 AND id = $2 AND version >= $7);

-- name: take_back_product
WITH taken AS (
  INSERT INTO products (agency_id, id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, type,
                        service, speed, mrc_minor, mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on,
                        status, contract_number, contract_id, notes, version, circuit_key)
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::text, $8::text, $9::text, $10::text, $11::text,
         $12::bigint, $13::text, $14::bigint, $15::text, $16::date, $17::date, $18::text, $19::text, $20::uuid, $21::text,
         $22::bigint, $23::text
  WHERE EXISTS (SELECT FROM accounts WHERE agency_id = $1 AND id = $3)
    AND ($4 IS NULL OR EXISTS (SELECT FROM locations WHERE agency_id = $1 AND id = $4))
    AND EXISTS (SELECT FROM carriers WHERE agency_id = $1 AND id = $5)
    AND ($6 IS NULL OR EXISTS (SELECT FROM carrier_accounts WHERE agency_id = $1 AND id = $6))
    AND ($18 IN ('terminated', 'cancelled', 'aborted')
         OR NOT EXISTS (SELECT FROM products WHERE agency_id = $1 AND carrier_id = $5 AND circuit_key = $23 AND id <> $2
                                               AND status NOT IN ('terminated', 'cancelled', 'aborted')))
  ON CONFLICT (agency_id, id) DO UPDATE
    SET account_id = excluded.account_id, location_id = excluded.location_id, carrier_id = excluded.carrier_id,
        carrier_account_id = excluded.carrier_account_id, circuit_id = excluded.circuit_id, btn = excluded.btn,
        type = excluded.type, service = excluded.service, speed = excluded.speed, mrc_minor = excluded.mrc_minor,
        mrc_currency = excluded.mrc_currency, nrc_minor = excluded.nrc_minor, nrc_currency = excluded.nrc_currency,
        installed_on = excluded.installed_on, terminated_on = excluded.terminated_on, status = excluded.status,
        contract_number = excluded.contract_number, contract_id = excluded.contract_id, notes = excluded.notes,
        version = excluded.version, circuit_key = excluded.circuit_key
    WHERE products.version < excluded.version
  RETURNING id)
SELECT EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM products WHERE agency_id = $1 AND id = $2 AND version >= $22);
