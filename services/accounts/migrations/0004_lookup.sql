-- Copies of what other services publish (events/): an older version never replaces a newer one. What is over stays, so
-- that a late event does not bring it back.
CREATE TABLE contracts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  account_id uuid NOT NULL,
  location_id uuid,
  carrier_name text NOT NULL,
  state text NOT NULL,
  current_term_end date,
  current_term_notice_deadline date,
  decision text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX contracts_that_run ON contracts (agency_id, account_id)
  WHERE state IN ('inProcess', 'approved', 'active', 'pendingTerminate');

CREATE TABLE tickets (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  location_id uuid,
  name text NOT NULL,
  status text NOT NULL,
  priority text NOT NULL,
  carrier text NOT NULL,
  carrier_ticket text NOT NULL,
  opened_at timestamptz NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX tickets_that_are_open ON tickets (agency_id, account_id)
  WHERE status NOT IN ('closed', 'cancelled', 'rejected');

-- How far those copies are, for each account and topic.
CREATE TABLE card_sources (
  agency_id uuid NOT NULL,
  account_id uuid NOT NULL,
  topic text NOT NULL,
  sequence bigint NOT NULL,
  as_of timestamptz NOT NULL,
  PRIMARY KEY (agency_id, account_id, topic)
);

SELECT runtime.guard_by_agency('contracts');
SELECT runtime.guard_by_agency('tickets');
SELECT runtime.guard_by_agency('card_sources');

-- Searches. LIKE is not leakproof, so under row-level security it uses no index; nor does a comparison behind split_part.
-- Each search is therefore a function that runs as the owner and itself sees one agency alone: the one that the
-- transaction has set, the first where it has set several.
CREATE FUNCTION searching_agency() RETURNS uuid LANGUAGE sql STABLE
AS $$ SELECT ((string_to_array(current_setting('app.agencies', true), ','))[1])::uuid $$;

-- What contains the words in their order.
CREATE FUNCTION containing(words text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT '%' || replace(replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_'), ' ', '%') || '%' $$;

-- A street as it is compared: its words without punctuation, the usual ones abbreviated.
CREATE FUNCTION address_key(address text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$
  SELECT coalesce(string_agg(CASE word
      WHEN 'street' THEN 'st' WHEN 'avenue' THEN 'ave' WHEN 'road' THEN 'rd' WHEN 'boulevard' THEN 'blvd'
      WHEN 'drive' THEN 'dr' WHEN 'lane' THEN 'ln' WHEN 'court' THEN 'ct' WHEN 'place' THEN 'pl' WHEN 'square' THEN 'sq'
      WHEN 'highway' THEN 'hwy' WHEN 'parkway' THEN 'pkwy' WHEN 'suite' THEN 'ste' WHEN 'floor' THEN 'fl'
      WHEN 'north' THEN 'n' WHEN 'south' THEN 's' WHEN 'east' THEN 'e' WHEN 'west' THEN 'w'
      ELSE word END, ' ' ORDER BY place), '')
  FROM regexp_split_to_table(lower(address), '[^[:alnum:]]+') WITH ORDINALITY AS words (word, place)
  WHERE word <> ''
$$;

CREATE INDEX products_by_circuit_key ON products (agency_id, circuit_key);
CREATE INDEX products_by_btn ON products (agency_id, btn) WHERE btn <> '';
CREATE INDEX carrier_accounts_by_number ON carrier_accounts (agency_id, number_key);
CREATE INDEX carrier_accounts_by_btn ON carrier_accounts (agency_id, btn) WHERE btn <> '';
CREATE INDEX locations_by_phone ON locations (agency_id, split_part(main_phone, ';', 1)) WHERE main_phone <> '';
CREATE INDEX contacts_by_phone ON contacts (agency_id, split_part(phone, ';', 1)) WHERE phone <> '';
CREATE INDEX locations_by_name ON locations (agency_id, name_key);

CREATE INDEX products_circuit_parts ON products USING gin (agency_id, circuit_key gin_trgm_ops);
CREATE INDEX accounts_name_parts ON accounts USING gin (agency_id, name_key gin_trgm_ops);
CREATE INDEX locations_name_parts ON locations USING gin (agency_id, name_key gin_trgm_ops);
CREATE INDEX locations_street_parts ON locations
  USING gin (agency_id, address_key(street || ' ' || city) gin_trgm_ops);

CREATE TYPE lookup_match AS (
  kind text,
  text text,
  account_id uuid,
  location_id uuid,
  product_id uuid,
  carrier_account_id uuid,
  product_status text
);

-- Whatever bears one of these identifiers (circuit IDs, account numbers) or this telephone number, circuits first. A
-- billing number that many circuits of a site share is one match of the site.
CREATE FUNCTION find_identified(identifiers text[], telephone text, most bigint) RETURNS SETOF lookup_match
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT kind, text, account_id, location_id, product_id, carrier_account_id, product_status FROM (
    SELECT 1 AS rank, 'circuit' AS kind, p.circuit_id AS text, p.account_id, p.location_id, p.id AS product_id,
           NULL::uuid AS carrier_account_id, p.status AS product_status
    FROM products p WHERE p.agency_id = searching_agency() AND p.circuit_key = ANY (identifiers)
    UNION ALL
    SELECT 2, 'phone', l.main_phone, l.account_id, l.id, NULL, NULL, NULL
    FROM locations l
    WHERE l.agency_id = searching_agency() AND l.main_phone <> '' AND split_part(l.main_phone, ';', 1) = telephone
    UNION ALL
    SELECT 3, 'billing', a.number, a.account_id, NULL, NULL, a.id, NULL
    FROM carrier_accounts a WHERE a.agency_id = searching_agency() AND a.number_key = ANY (identifiers)
    UNION ALL
    SELECT 4, 'billing', a.btn, a.account_id, NULL, NULL, a.id, NULL
    FROM carrier_accounts a WHERE a.agency_id = searching_agency() AND a.btn <> '' AND a.btn = telephone
    UNION ALL
    SELECT 5, 'billing', p.btn, p.account_id, p.location_id, CASE WHEN count(*) = 1 THEN (array_agg(p.id))[1] END, NULL,
           CASE WHEN count(*) = 1 THEN min(p.status) END
    FROM products p
    WHERE p.agency_id = searching_agency() AND p.btn <> '' AND p.btn = telephone
      AND p.status NOT IN ('terminated', 'cancelled', 'aborted')
    GROUP BY p.btn, p.account_id, p.location_id
    UNION ALL
    SELECT 6, 'phone', c.phone, c.account_id, CASE WHEN cardinality(c.location_ids) = 1 THEN c.location_ids[1] END, NULL,
           NULL, NULL
    FROM contacts c
    WHERE c.agency_id = searching_agency() AND c.phone <> '' AND split_part(c.phone, ';', 1) = telephone
  ) AS found
  ORDER BY coalesce(product_status IN ('terminated', 'cancelled', 'aborted'), false), rank, text, account_id, location_id
  LIMIT most
$$;

-- Accounts, then sites, of exactly this name.
CREATE FUNCTION find_named(key text, most bigint) RETURNS SETOF lookup_match
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  (SELECT 'name', a.name, a.id, NULL::uuid, NULL::uuid, NULL::uuid, NULL::text
   FROM accounts a WHERE a.agency_id = searching_agency() AND a.name_key = key)
  UNION ALL
  (SELECT 'name', l.name, l.account_id, l.id, NULL, NULL, NULL
   FROM locations l WHERE l.agency_id = searching_agency() AND l.name_key = key ORDER BY l.account_id LIMIT most)
  LIMIT most
$$;

-- One function an index. Those that begin with the words come first, then the shortest.
CREATE FUNCTION search_circuits(part text, most bigint) RETURNS SETOF lookup_match
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT 'circuit', p.circuit_id, p.account_id, p.location_id, p.id, NULL::uuid, p.status
  FROM products p WHERE p.agency_id = searching_agency() AND p.circuit_key LIKE containing(part)
  ORDER BY p.status IN ('terminated', 'cancelled', 'aborted'), NOT starts_with(p.circuit_key, part),
           length(p.circuit_key), p.circuit_key, p.id
  LIMIT most
$$;

CREATE FUNCTION search_accounts(part text, most bigint) RETURNS SETOF lookup_match
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT 'name', a.name, a.id, NULL::uuid, NULL::uuid, NULL::uuid, NULL::text
  FROM accounts a WHERE a.agency_id = searching_agency() AND a.name_key LIKE containing(part)
  ORDER BY NOT starts_with(a.name_key, part), length(a.name_key), a.name_key
  LIMIT most
$$;

CREATE FUNCTION search_locations(part text, most bigint) RETURNS SETOF lookup_match
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT 'name', l.name, l.account_id, l.id, NULL::uuid, NULL::uuid, NULL::text
  FROM locations l WHERE l.agency_id = searching_agency() AND l.name_key LIKE containing(part)
  ORDER BY NOT starts_with(l.name_key, part), length(l.name_key), l.name_key, l.id
  LIMIT most
$$;

CREATE FUNCTION search_streets(part text, most bigint) RETURNS SETOF lookup_match
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT 'address', concat_ws(', ', l.street, nullif(l.city, '')), l.account_id, l.id, NULL::uuid, NULL::uuid, NULL::text
  FROM locations l
  WHERE l.agency_id = searching_agency()
    AND address_key(l.street || ' ' || l.city) LIKE containing(address_key(part))
  ORDER BY NOT starts_with(address_key(l.street || ' ' || l.city), address_key(part)), length(l.street), l.street, l.id
  LIMIT most
$$;

REVOKE ALL ON FUNCTION find_identified, find_named, search_circuits, search_accounts, search_locations, search_streets
  FROM PUBLIC;
