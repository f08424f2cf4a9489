-- One row a subject, with the next instant at which anything is due for it: cost is in what is due, not in what exists.
CREATE TABLE runtime.timers (
  kind text NOT NULL,
  agency_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  next_due timestamptz NOT NULL,
  PRIMARY KEY (kind, agency_id, subject_id)
);
CREATE INDEX timers_due ON runtime.timers (kind, next_due);
