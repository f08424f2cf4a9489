-- What an agency's book says of accounts, locations and contacts besides what 0001 keeps.
ALTER TABLE accounts
  ADD COLUMN status_reason text NOT NULL DEFAULT '',
  ADD COLUMN since date,
  ADD COLUMN representative text NOT NULL DEFAULT '',
  ADD COLUMN notes text NOT NULL DEFAULT '';

-- A location that was imported may have no time zone yet: it is empty then, and its source unknown.
ALTER TABLE locations
  ADD COLUMN time_zone_source text NOT NULL DEFAULT 'stated',
  ADD COLUMN main_phone text NOT NULL DEFAULT '',
  ADD COLUMN status text NOT NULL DEFAULT 'active',
  ADD COLUMN notes text NOT NULL DEFAULT '';

-- location_ids: the sites that somebody serves; none for the account as a whole. Two people may bear one name.
ALTER TABLE contacts
  ADD COLUMN title text NOT NULL DEFAULT '',
  ADD COLUMN location_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN name_key text NOT NULL DEFAULT '';
CREATE INDEX contacts_by_name ON contacts (agency_id, account_id, name_key);

CREATE TABLE carriers (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  notes text NOT NULL,
  version bigint NOT NULL,
  name_key text NOT NULL,
  CONSTRAINT carriers_id_new PRIMARY KEY (agency_id, id),
  CONSTRAINT carriers_name_free UNIQUE (agency_id, name_key)
);

-- A carrier with its contacts is one resource: whoever changes a contact locks the carrier and counts its version up.
CREATE TABLE carrier_contacts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  carrier_id uuid NOT NULL,
  function text NOT NULL,
  level integer,
  name text NOT NULL,
  phone text NOT NULL,
  after_hours_phone text NOT NULL,
  email text NOT NULL,
  hours text[] NOT NULL,
  time_zone text NOT NULL,
  verified_on date,
  notes text NOT NULL,
  version bigint NOT NULL,
  function_key text NOT NULL,
  name_key text NOT NULL,
  CONSTRAINT carrier_contacts_id_new PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, carrier_id) REFERENCES carriers
);
CREATE UNIQUE INDEX carrier_contacts_free
  ON carrier_contacts (agency_id, carrier_id, function_key, coalesce(level, 0), name_key);

-- The carrier's own account for a customer. number_key and circuit_key are equal when the identifiers are
-- (domain/text.h: identifier_key).
CREATE TABLE carrier_accounts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  carrier_id uuid NOT NULL,
  number text NOT NULL,
  account_id uuid NOT NULL,
  btn text NOT NULL,
  version bigint NOT NULL,
  number_key text NOT NULL,
  CONSTRAINT carrier_accounts_id_new PRIMARY KEY (agency_id, id),
  CONSTRAINT carrier_accounts_number_free UNIQUE (agency_id, carrier_id, number_key),
  FOREIGN KEY (agency_id, carrier_id) REFERENCES carriers,
  FOREIGN KEY (agency_id, account_id) REFERENCES accounts
);
CREATE INDEX carrier_accounts_of_account ON carrier_accounts (agency_id, account_id, id);

CREATE TABLE products (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  location_id uuid,
  carrier_id uuid NOT NULL,
  carrier_account_id uuid,
  circuit_id text NOT NULL,
  btn text NOT NULL,
  type text NOT NULL,
  service text NOT NULL,
  speed text NOT NULL,
  mrc_minor bigint,
  mrc_currency text,
  nrc_minor bigint,
  nrc_currency text,
  installed_on date,
  terminated_on date,
  status text NOT NULL,
  contract_number text NOT NULL,
  contract_id uuid,
  notes text NOT NULL,
  version bigint NOT NULL,
  circuit_key text NOT NULL,
  CONSTRAINT products_id_new PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, account_id) REFERENCES accounts,
  FOREIGN KEY (agency_id, location_id) REFERENCES locations,
  FOREIGN KEY (agency_id, carrier_id) REFERENCES carriers,
  FOREIGN KEY (agency_id, carrier_account_id) REFERENCES carrier_accounts
);
-- A circuit ID is used again once the old circuit is gone.
CREATE UNIQUE INDEX products_circuit_free ON products (agency_id, carrier_id, circuit_key)
  WHERE status NOT IN ('terminated', 'cancelled', 'aborted');
CREATE INDEX products_of_account ON products (agency_id, account_id, id);
CREATE INDEX products_of_carrier ON products (agency_id, carrier_id, id);
CREATE INDEX products_of_location ON products (agency_id, location_id);
CREATE INDEX products_of_carrier_account ON products (agency_id, carrier_account_id);

-- What a carrier asks before it talks to anybody, sealed (runtime/secrets) for its agency, subject and kind.
CREATE TABLE verification_data (
  agency_id uuid NOT NULL,
  carrier_account_id uuid,
  product_id uuid,
  kind text NOT NULL,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  set_at timestamptz NOT NULL,
  set_by text NOT NULL,
  subject_id uuid GENERATED ALWAYS AS (coalesce(carrier_account_id, product_id)) STORED,
  PRIMARY KEY (agency_id, subject_id, kind),
  CHECK (num_nonnulls(carrier_account_id, product_id) = 1),
  FOREIGN KEY (agency_id, carrier_account_id) REFERENCES carrier_accounts,
  FOREIGN KEY (agency_id, product_id) REFERENCES products
);

-- Who did what may not be done unseen, and why: written in the transaction that does it, never changed.
CREATE TABLE audit_entries (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  action text NOT NULL,
  subject_id uuid NOT NULL,
  detail text NOT NULL,
  reason text NOT NULL,
  request_id text NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX audit_of_subject ON audit_entries (agency_id, subject_id, id);

SELECT runtime.guard_by_agency('carriers');
SELECT runtime.guard_by_agency('carrier_contacts');
SELECT runtime.guard_by_agency('carrier_accounts');
SELECT runtime.guard_by_agency('products');
SELECT runtime.guard_by_agency('verification_data');
SELECT runtime.guard_by_agency('audit_entries');
