-- Ids and bytes only: no row here is shown to anybody, so roles guard them, not row-level security.

-- The position of each stream (topic and key): locked last in a command's transaction, so that positions follow the
-- order of commits and have no gaps.
CREATE TABLE runtime.streams (
  agency_id uuid NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (agency_id, topic, key)
);

-- Events that are committed but not yet on Kafka. The relay reads the oldest and deletes what Kafka has acknowledged.
CREATE TABLE runtime.outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  type text NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  payload bytea NOT NULL,
  headers text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Which handler has taken which event: written in the handler's own transaction. A poisonous event keeps its bytes.
CREATE TABLE runtime.inbox (
  handler text NOT NULL,
  event_id uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (handler, event_id)
);
CREATE INDEX inbox_by_age ON runtime.inbox (received_at);

CREATE TABLE runtime.dead_letters (
  handler text NOT NULL,
  event_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  type text NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  payload bytea NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  died_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (handler, event_id)
);

-- Who may do what only one process may do at a time.
CREATE TABLE runtime.leases (
  name text PRIMARY KEY,
  owner uuid NOT NULL,
  term bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
