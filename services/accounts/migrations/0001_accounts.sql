-- Every table begins with the agency: of its key, and of what row-level security asks for.

CREATE TABLE agencies (
  agency_id uuid NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT agencies_id_new PRIMARY KEY (agency_id)
);

CREATE TABLE staff (
  agency_id uuid NOT NULL REFERENCES agencies,
  id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  time_zone text NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT staff_id_new PRIMARY KEY (agency_id, id),
  CONSTRAINT staff_email_free UNIQUE (agency_id, email)
);

-- Of a key only its public name and the hash of its secret are kept.
CREATE TABLE api_keys (
  agency_id uuid NOT NULL REFERENCES agencies,
  id text NOT NULL,
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (agency_id, id),
  UNIQUE (id)
);

-- Names are equal by name_key (domain/text.h: fold).
CREATE TABLE accounts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  number text NOT NULL,
  status text NOT NULL,
  tier text NOT NULL,
  owner_id uuid NOT NULL,
  parent_id uuid,
  version bigint NOT NULL,
  name_key text NOT NULL,
  CONSTRAINT accounts_id_new PRIMARY KEY (agency_id, id),
  CONSTRAINT accounts_name_free UNIQUE (agency_id, name_key),
  FOREIGN KEY (agency_id, owner_id) REFERENCES staff,
  FOREIGN KEY (agency_id, parent_id) REFERENCES accounts
);
CREATE INDEX accounts_of_parent ON accounts (agency_id, parent_id);
CREATE INDEX accounts_of_owner ON accounts (agency_id, owner_id);

CREATE TABLE locations (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  street text NOT NULL,
  city text NOT NULL,
  state text NOT NULL,
  postal_code text NOT NULL,
  time_zone text NOT NULL,
  version bigint NOT NULL,
  name_key text NOT NULL,
  CONSTRAINT locations_id_new PRIMARY KEY (agency_id, id),
  CONSTRAINT locations_name_free UNIQUE (agency_id, account_id, name_key),
  FOREIGN KEY (agency_id, account_id) REFERENCES accounts
);

CREATE TABLE contacts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  phone text NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT contacts_id_new PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, account_id) REFERENCES accounts
);
CREATE INDEX contacts_of_account ON contacts (agency_id, account_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['agencies', 'staff', 'api_keys', 'accounts', 'locations', 'contacts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (agency_id = ANY ((SELECT string_to_array('
                   'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', name || '_of_agency', name);
  END LOOP;
END $$;

-- A key is looked up before it is known whose it is. A table outside row-level security would let a careless statement
-- list every agency's keys; this function, run as the owner, gives out one key to whoever names all of its id, and
-- nothing else. A revoked key is as unknown as one that never was.
CREATE FUNCTION find_api_key(key_id text)
RETURNS TABLE (agency_id uuid, secret_hash bytea, permissions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT k.agency_id, k.secret_hash, k.permissions FROM api_keys k WHERE k.id = key_id AND k.revoked_at IS NULL $$;
REVOKE ALL ON FUNCTION find_api_key FROM PUBLIC;
