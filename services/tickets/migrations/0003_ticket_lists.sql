-- TMF621's statusChangeHistory: when a ticket became what it was, and by whom.
CREATE TABLE status_changes (
  agency_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  version bigint NOT NULL,
  status text NOT NULL,
  pause_reason text,
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL,
  PRIMARY KEY (agency_id, ticket_id, version)
);
SELECT runtime.guard_by_agency('status_changes');

-- "Show me what is overdue": few of many.
CREATE INDEX sla_clocks_overdue ON sla_clocks (agency_id, ticket_id) WHERE breached AND stopped_at IS NULL;

DROP INDEX tickets_of_account;
CREATE INDEX tickets_of_account ON tickets (agency_id, account_id, opened_at, id);
