-- What is newest of a contract, as far as mail asks: the day that somebody still has to decide by.
CREATE TABLE contracts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  notice_deadline date,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);

-- What somebody was given for their calendar: the deadline of one term of a contract.
CREATE TABLE calendar_entries (
  agency_id uuid NOT NULL,
  contract_id uuid NOT NULL,
  term_number integer NOT NULL,
  recipient_id uuid NOT NULL,
  sequence integer NOT NULL,
  day date NOT NULL,
  cancelled boolean NOT NULL,
  PRIMARY KEY (agency_id, contract_id, term_number, recipient_id)
);

-- The ledgers are read newest first: ids begin with the instant.
CREATE INDEX messages_of_account ON messages (agency_id, account_id, id);
CREATE INDEX messages_by_state ON messages (agency_id, state, id);
CREATE INDEX deliveries_of_subscription ON deliveries (agency_id, subscription_id, id);
-- By which a body is kept for as long as somebody may be sent it.
CREATE INDEX deliveries_of_event ON deliveries (agency_id, event_id);

-- The secret before the last rotation signs as well until then.
ALTER TABLE subscriptions
  ADD COLUMN old_secret_key_id text,
  ADD COLUMN old_secret bytea,
  ADD COLUMN old_secret_until timestamptz;

SELECT runtime.guard_by_agency('contracts');
SELECT runtime.guard_by_agency('calendar_entries');
