-- Every table begins with the agency: of its key, and of what row-level security asks for.

-- Copies of what accounts owns (events/book.cpp).
CREATE TABLE agencies (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE staff (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  time_zone text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE accounts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  owner_id uuid NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE locations (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

-- The ledger of what was sent, each with the mail as it was rendered.
CREATE TABLE messages (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  event_id uuid NOT NULL,
  template text NOT NULL,
  recipient_id uuid NOT NULL,
  recipient_name text NOT NULL,
  recipient_address text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  state text NOT NULL,
  disposition text,
  attempts integer NOT NULL,
  next_attempt_at timestamptz,
  last_reply text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  version bigint NOT NULL,
  html text NOT NULL,
  calendar text NOT NULL,
  PRIMARY KEY (agency_id, id),
  -- Nothing is mailed twice, whatever becomes of the inbox.
  CONSTRAINT messages_once UNIQUE (agency_id, event_id, recipient_id, template)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['agencies', 'staff', 'accounts', 'locations', 'messages'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (agency_id = ANY ((SELECT string_to_array('
                   'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', name || '_of_agency', name);
  END LOOP;
END $$;
