-- What the agency has of the records of a chunk, and of what they refer to: found by key, and by the id that an earlier
-- import gave it where somebody has changed the key since. Each lookup is a LATERAL with a LIMIT, which PostgreSQL can
-- only do by index, row after row: it has not counted yet what this import wrote a moment ago, takes the tables for
-- empty, and would look through all of them for each row.

-- The tables that have doubled since they were counted, so that it takes the index that fits.
-- name: count_growing_book
SELECT count_growing_book();

-- For this transaction. PostgreSQL would take the index of the parts of names for a whole one [M: 0.9 ms a look instead of
-- 5 us], which only bitmaps read; and to compile a statement takes longer than to run it.
-- name: look_by_index
SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true),
       set_config('jit', 'off', true);

-- name: match_carriers
SELECT place, coalesce(k.id, o.id) AS existing_id, coalesce(k.name, o.name) AS existing_name,
       coalesce(k.notes, o.notes) AS existing_notes, coalesce(k.version, o.version) AS existing_version
FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS g (name_key, source_id, place)
LEFT JOIN LATERAL (SELECT * FROM carriers k WHERE k.agency_id = $1::uuid AND k.name_key = g.name_key LIMIT 1) k ON true
LEFT JOIN LATERAL (SELECT * FROM carriers o WHERE o.agency_id = $1::uuid AND o.id = g.source_id LIMIT 1) o ON true;

-- name: match_accounts
SELECT place, parent.id AS parent_id, e.id AS existing_id, e.name AS existing_name, e.number AS existing_number,
       e.status AS existing_status, e.status_reason AS existing_status_reason, e.tier AS existing_tier,
       e.owner_id AS existing_owner_id, e.parent_id AS existing_parent_id, e.since AS existing_since,
       e.representative AS existing_representative, e.notes AS existing_notes, e.version AS existing_version
FROM unnest($2::text[], $3::uuid[], $4::text[]) WITH ORDINALITY AS g (name_key, source_id, parent_key, place)
LEFT JOIN LATERAL (SELECT * FROM accounts parent
                   WHERE parent.agency_id = $1::uuid AND parent.name_key = g.parent_key LIMIT 1) parent ON true
LEFT JOIN LATERAL (
  SELECT 1 AS fit, k.* FROM accounts k WHERE k.agency_id = $1::uuid AND k.name_key = g.name_key
  UNION ALL
  SELECT 2, o.* FROM accounts o WHERE o.agency_id = $1::uuid AND o.id = g.source_id
  ORDER BY fit LIMIT 1) e ON true;

-- name: match_locations
SELECT place, a.id AS account_id, e.id AS existing_id, e.account_id AS existing_account_id, e.name AS existing_name,
       e.street AS existing_street, e.city AS existing_city, e.state AS existing_state,
       e.postal_code AS existing_postal_code, e.time_zone AS existing_time_zone,
       e.time_zone_source AS existing_time_zone_source, e.main_phone AS existing_main_phone,
       e.status AS existing_status, e.notes AS existing_notes, e.version AS existing_version
FROM unnest($2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS g (account_key, name_key, source_id, place)
LEFT JOIN LATERAL (SELECT * FROM accounts a
                   WHERE a.agency_id = $1::uuid AND a.name_key = g.account_key LIMIT 1) a ON true
LEFT JOIN LATERAL (
  SELECT 1 AS fit, k.* FROM locations k
  WHERE k.agency_id = $1::uuid AND k.account_id = a.id AND k.name_key = g.name_key
  UNION ALL
  SELECT 2, o.* FROM locations o WHERE o.agency_id = $1::uuid AND o.id = g.source_id
  ORDER BY fit LIMIT 1) e ON true;

-- Two people of an account may have one name: the elder is meant.
-- name: match_contacts
SELECT place, a.id AS account_id, e.id AS existing_id, e.account_id AS existing_account_id, e.name AS existing_name,
       e.title AS existing_title, e.email AS existing_email, e.phone AS existing_phone,
       e.location_ids AS existing_location_ids, e.version AS existing_version
FROM unnest($2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS g (account_key, name_key, source_id, place)
LEFT JOIN LATERAL (SELECT * FROM accounts a
                   WHERE a.agency_id = $1::uuid AND a.name_key = g.account_key LIMIT 1) a ON true
LEFT JOIN LATERAL (
  SELECT 1 AS fit, k.* FROM contacts k
  WHERE k.agency_id = $1::uuid AND k.account_id = a.id AND k.name_key = g.name_key
  UNION ALL
  SELECT 2, o.* FROM contacts o WHERE o.agency_id = $1::uuid AND o.id = g.source_id
  ORDER BY fit, id LIMIT 1) e ON true;

-- name: match_sites
SELECT place, l.id AS location_id
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS g (account_key, location_key, place)
LEFT JOIN LATERAL (SELECT * FROM accounts a
                   WHERE a.agency_id = $1::uuid AND a.name_key = g.account_key LIMIT 1) a ON true
LEFT JOIN LATERAL (SELECT * FROM locations l
                   WHERE l.agency_id = $1::uuid AND l.account_id = a.id AND l.name_key = g.location_key LIMIT 1) l ON true;

-- name: match_carrier_contacts
SELECT place, c.id AS carrier_id, e.id AS existing_id, e.carrier_id AS existing_carrier_id,
       e.function AS existing_function, e.level AS existing_level, e.name AS existing_name, e.phone AS existing_phone,
       e.after_hours_phone AS existing_after_hours_phone, e.email AS existing_email, e.hours AS existing_hours,
       e.time_zone AS existing_time_zone, e.verified_on AS existing_verified_on, e.notes AS existing_notes,
       e.version AS existing_version
FROM unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::uuid[]) WITH ORDINALITY
  AS g (carrier_key, function_key, level, name_key, source_id, place)
LEFT JOIN LATERAL (SELECT * FROM carriers c
                   WHERE c.agency_id = $1::uuid AND c.name_key = g.carrier_key LIMIT 1) c ON true
LEFT JOIN LATERAL (
  SELECT 1 AS fit, k.* FROM carrier_contacts k
  WHERE k.agency_id = $1::uuid AND k.carrier_id = c.id AND k.function_key = g.function_key
    AND coalesce(k.level, 0) = g.level AND k.name_key = g.name_key
  UNION ALL
  SELECT 2, o.* FROM carrier_contacts o WHERE o.agency_id = $1::uuid AND o.id = g.source_id
  ORDER BY fit LIMIT 1) e ON true;

-- name: match_carrier_accounts
SELECT place, c.id AS carrier_id, a.id AS account_id, e.id AS existing_id, e.carrier_id AS existing_carrier_id,
       e.number AS existing_number, e.account_id AS existing_account_id, e.btn AS existing_btn,
       e.version AS existing_version
FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) WITH ORDINALITY
  AS g (carrier_key, number_key, account_key, source_id, place)
LEFT JOIN LATERAL (SELECT * FROM carriers c
                   WHERE c.agency_id = $1::uuid AND c.name_key = g.carrier_key LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT * FROM accounts a
                   WHERE a.agency_id = $1::uuid AND a.name_key = g.account_key LIMIT 1) a ON true
LEFT JOIN LATERAL (
  SELECT 1 AS fit, k.* FROM carrier_accounts k
  WHERE k.agency_id = $1::uuid AND k.carrier_id = c.id AND k.number_key = g.number_key
  UNION ALL
  SELECT 2, o.* FROM carrier_accounts o WHERE o.agency_id = $1::uuid AND o.id = g.source_id
  ORDER BY fit LIMIT 1) e ON true;

-- A circuit ID is used again once the old circuit is gone: one that is over is meant only by its day of installation. Many
-- circuits are at one place, and most are of a few carriers: each of those is looked for once.
-- name: match_products
WITH g AS MATERIALIZED (
  SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::date[], $9::integer[],
                       $10::uuid[]) WITH ORDINALITY
    AS g (account_key, location_key, carrier_key, number_key, contract_source, circuit_key, installed_on, over, source_id,
          place)
), sites AS MATERIALIZED (
  SELECT d.*, a.id AS account_id, l.id AS location_id
  FROM (SELECT DISTINCT account_key, location_key FROM g) d
  LEFT JOIN LATERAL (SELECT * FROM accounts a
                     WHERE a.agency_id = $1::uuid AND a.name_key = d.account_key LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT * FROM locations l
                     WHERE l.agency_id = $1::uuid AND l.account_id = a.id AND l.name_key = d.location_key LIMIT 1) l ON true
), sellers AS MATERIALIZED (
  SELECT d.*, c.id AS carrier_id, ca.id AS carrier_account_id
  FROM (SELECT DISTINCT carrier_key, number_key FROM g) d
  LEFT JOIN LATERAL (SELECT * FROM carriers c
                     WHERE c.agency_id = $1::uuid AND c.name_key = d.carrier_key LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT * FROM carrier_accounts ca
                     WHERE ca.agency_id = $1::uuid AND ca.carrier_id = c.id AND ca.number_key = d.number_key
                       AND d.number_key <> '' LIMIT 1) ca ON true
)
SELECT place, s.account_id, s.location_id, c.carrier_id, c.carrier_account_id,
       i.source_id AS contract_id, e.id AS existing_id, e.account_id AS existing_account_id,
       e.location_id AS existing_location_id, e.carrier_id AS existing_carrier_id,
       e.carrier_account_id AS existing_carrier_account_id, e.circuit_id AS existing_circuit_id, e.btn AS existing_btn,
       e.type AS existing_type, e.service AS existing_service, e.speed AS existing_speed,
       e.mrc_minor AS existing_mrc_minor, e.mrc_currency AS existing_mrc_currency, e.nrc_minor AS existing_nrc_minor,
       e.nrc_currency AS existing_nrc_currency, e.installed_on AS existing_installed_on,
       e.terminated_on AS existing_terminated_on, e.status AS existing_status,
       e.contract_number AS existing_contract_number, e.contract_id AS existing_contract_id,
       e.notes AS existing_notes, e.version AS existing_version
FROM g JOIN sites s USING (account_key, location_key) JOIN sellers c USING (carrier_key, number_key)
LEFT JOIN LATERAL (SELECT * FROM imported i
                   WHERE i.agency_id = $1::uuid AND i.source_id = g.contract_source LIMIT 1) i ON true
LEFT JOIN LATERAL (
  SELECT (CASE WHEN k.status IN ('terminated', 'cancelled', 'aborted') THEN 1 ELSE 0 END <> g.over)::integer AS fit, k.*
  FROM products k
  WHERE k.agency_id = $1::uuid AND k.carrier_id = c.carrier_id AND k.circuit_key = g.circuit_key
    AND ((g.over = 0 AND k.status NOT IN ('terminated', 'cancelled', 'aborted')) OR k.installed_on = g.installed_on)
  UNION ALL
  SELECT 2, o.* FROM products o WHERE o.agency_id = $1::uuid AND o.id = g.source_id
  ORDER BY fit, id LIMIT 1) e ON true
ORDER BY place;

-- name: match_accounts_of
SELECT place, a.id AS account_id, a.name AS account_name, c.id AS carrier_id
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS g (account_key, carrier_key, place)
LEFT JOIN LATERAL (SELECT * FROM accounts a
                   WHERE a.agency_id = $1::uuid AND a.name_key = g.account_key LIMIT 1) a ON true
LEFT JOIN LATERAL (SELECT * FROM carriers c
                   WHERE c.agency_id = $1::uuid AND c.name_key = g.carrier_key LIMIT 1) c ON true;

-- name: staff_names
SELECT id, name FROM staff WHERE agency_id = $1::uuid ORDER BY id;

-- name: zone_of_agency
SELECT time_zone FROM agencies WHERE agency_id = $1::uuid;

-- name: contacts_of_carriers
SELECT id, carrier_id, function, level, name, phone, after_hours_phone, email, hours, time_zone, verified_on, notes,
       version
FROM carrier_contacts WHERE agency_id = $1::uuid AND carrier_id = ANY ($2::uuid[]) ORDER BY carrier_id, id;

-- Held until the commit, as whoever changes one of their contacts does.
-- name: lock_carriers
SELECT id, name, notes, version FROM carriers WHERE agency_id = $1::uuid AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE;
