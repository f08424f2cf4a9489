-- Who asked to hear of what, and every event on its way there.
CREATE TABLE subscriptions (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  callback_url text NOT NULL,
  description text NOT NULL,
  event_names text[] NOT NULL,
  account_ids uuid[] NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  version bigint NOT NULL,
  secret_key_id text NOT NULL,
  secret bytea NOT NULL,
  -- Set when it was deleted; the row goes when the ledger has forgotten its deliveries.
  deleted_at timestamptz,
  CONSTRAINT subscriptions_id_new PRIMARY KEY (agency_id, id)
);

-- The body of a webhook, once an event.
CREATE TABLE webhook_bodies (
  agency_id uuid NOT NULL,
  event_id uuid NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (agency_id, event_id)
);
CREATE INDEX webhook_bodies_by_age ON webhook_bodies (agency_id, created_at);

CREATE TABLE deliveries (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_name text NOT NULL,
  account_id uuid,
  state text NOT NULL,
  attempts integer NOT NULL,
  next_attempt_at timestamptz,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  version bigint NOT NULL,
  -- What is delivered in order: the account, or nil for what is about the whole agency.
  lane uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  -- Attempts since it was made or replayed: its place in the schedule.
  tries integer NOT NULL DEFAULT 0,
  PRIMARY KEY (agency_id, id),
  CONSTRAINT deliveries_once UNIQUE (agency_id, subscription_id, event_id)
);
CREATE INDEX deliveries_waiting ON deliveries (agency_id, subscription_id, lane, position) WHERE ended_at IS NULL;
CREATE INDEX deliveries_by_age ON deliveries (agency_id, subscription_id, created_at);

CREATE TABLE delivery_attempts (
  agency_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  number integer NOT NULL,
  at timestamptz NOT NULL,
  status integer NOT NULL,
  duration_ms integer NOT NULL,
  answer text NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (agency_id, delivery_id, number),
  FOREIGN KEY (agency_id, delivery_id) REFERENCES deliveries (agency_id, id) ON DELETE CASCADE
);

-- One a subscription and account: its oldest delivery that is not through is the only one that is attempted.
CREATE TABLE lanes (
  agency_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  lane uuid NOT NULL,
  -- When something is to be done: an attempt, or, of a claimed one, its lease ends. NULL: nothing waits.
  next_due timestamptz,
  claimed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (agency_id, subscription_id, lane)
);
CREATE INDEX lanes_due ON lanes (agency_id, subscription_id, next_due) WHERE next_due IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['subscriptions', 'webhook_bodies', 'deliveries', 'delivery_attempts', 'lanes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (agency_id = ANY ((SELECT string_to_array('
                   'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', name || '_of_agency', name);
  END LOOP;
END $$;
