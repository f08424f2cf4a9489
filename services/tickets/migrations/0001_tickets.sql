-- Every table begins with the agency: of its key, and of what row-level security asks for.

-- Copies of what accounts owns (events/on_book_changed.cpp).
CREATE TABLE accounts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  status text NOT NULL,
  owner_id uuid NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE locations (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE contacts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE tickets (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  location_id uuid,
  contact_id uuid,
  name text NOT NULL,
  description text NOT NULL,
  priority text NOT NULL,
  status text NOT NULL,
  owner_id uuid NOT NULL,
  opened_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT tickets_id_new PRIMARY KEY (agency_id, id)
);
CREATE INDEX tickets_of_account ON tickets (agency_id, account_id, opened_at);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['accounts', 'locations', 'contacts', 'tickets'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (agency_id = ANY ((SELECT string_to_array('
                   'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', name || '_of_agency', name);
  END LOOP;
END $$;
