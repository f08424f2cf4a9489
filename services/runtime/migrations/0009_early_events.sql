-- Own events that came before what they follow, while a service takes back what it published before its database was
-- restored (events/own_events.h). Of all agencies, as dead letters are.
CREATE TABLE runtime.early_events (
  agency_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  version bigint NOT NULL,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (agency_id, subject_id, version)
);
