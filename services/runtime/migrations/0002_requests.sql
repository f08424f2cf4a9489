-- Answers to commands that carried a request_id: kept 24 hours, written in the command's own transaction.
CREATE TABLE runtime.requests (
  agency_id uuid NOT NULL,
  method text NOT NULL,
  request_id text NOT NULL,
  fingerprint uuid NOT NULL,
  response bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT requests_answered_once PRIMARY KEY (agency_id, method, request_id)
);
CREATE INDEX requests_by_age ON runtime.requests (created_at);
