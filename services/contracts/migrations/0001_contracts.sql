-- Every table begins with the agency: of its key, and of what row-level security asks for.

-- Copies of what accounts owns (events/book.cpp).
CREATE TABLE accounts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  status text NOT NULL,
  tier text NOT NULL,
  owner_id uuid,
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
CREATE INDEX locations_of_account ON locations (agency_id, account_id);

-- The contract as it stands, its clock's state with it (domain/contract.h).
CREATE TABLE contracts (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  account_id uuid NOT NULL,
  location_id uuid,
  carrier_id uuid,
  carrier_name text NOT NULL,
  mrc_minor bigint,
  mrc_currency text,
  plan_signed_date date,
  plan_term_clock text,
  plan_term_start date,
  plan_term_months integer,
  plan_term_end date,
  plan_open_ended boolean NOT NULL,
  plan_end_of_term_action text NOT NULL,
  plan_roll_interval_months integer,
  plan_renewal_term_months integer,
  plan_notice_value integer NOT NULL,
  plan_notice_unit text NOT NULL,
  plan_time_zone text NOT NULL,
  state text NOT NULL,
  term_phase text,
  current_term_number integer,
  current_term_start date,
  current_term_end date,
  current_term_notice_deadline date,
  current_term_origin text,
  deadline_passes_at timestamptz,
  decision text NOT NULL,
  last_day date,
  end_reason text NOT NULL,
  sent_notice_sent_at timestamptz,
  sent_notice_method text,
  sent_notice_reference text,
  sent_notice_acknowledged_at timestamptz,
  sent_notice_acknowledgement text,
  early_lead boolean NOT NULL,
  last_lead_days integer,
  deadline_missed boolean NOT NULL,
  missed_in_stretch boolean NOT NULL,
  snoozed_until date,
  first_term_number integer NOT NULL,
  created_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT contracts_id_new PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX contracts_number_new ON contracts (agency_id, lower(number)) WHERE number <> '';
CREATE INDEX contracts_of_account ON contracts (agency_id, account_id, id);
-- What is open, in the order in which it is listed: the cost of the list is in what lies within its window.
CREATE INDEX contracts_by_deadline
  ON contracts (agency_id, current_term_notice_deadline, (coalesce(mrc_minor, 0)) DESC, id)
  WHERE state = 'active' AND decision = 'undecided' AND current_term_notice_deadline IS NOT NULL;

-- A contract's columns as the program reads them (Fields<Contract>), for whoever may see the row.
CREATE VIEW contract_rows WITH (security_invoker = true) AS
SELECT
  id, number, account_id, location_id, carrier_id, carrier_name, mrc_minor, mrc_currency, plan_signed_date,
  plan_term_clock, plan_term_start, plan_term_months, plan_term_end, plan_open_ended, plan_end_of_term_action,
  plan_roll_interval_months, plan_renewal_term_months, plan_notice_value, plan_notice_unit, plan_time_zone, state,
  term_phase, current_term_number, current_term_start, current_term_end, current_term_notice_deadline,
  current_term_origin, deadline_passes_at, decision, last_day, end_reason, sent_notice_sent_at, sent_notice_method,
  sent_notice_reference, sent_notice_acknowledged_at, sent_notice_acknowledgement, early_lead, last_lead_days,
  deadline_missed, missed_in_stretch, snoozed_until, first_term_number, created_at, version
FROM contracts;

-- Each contract's terms, without gaps. What an amendment has replaced stays, with the version that replaced it.
CREATE TABLE terms (
  agency_id uuid NOT NULL,
  contract_id uuid NOT NULL,
  number integer NOT NULL,
  start date NOT NULL,
  "end" date,
  notice_deadline date,
  origin text NOT NULL,
  replaced_in bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (agency_id, contract_id, replaced_in, number)
);

-- Everything that fell due, once (R24); `version` is the contract's when it had. What fell due for a date that an
-- amendment has moved does not keep the new date's reminders from falling due.
CREATE TABLE ledger (
  agency_id uuid NOT NULL,
  contract_id uuid NOT NULL,
  version bigint NOT NULL,
  kind text NOT NULL,
  term_number integer NOT NULL,
  term_end date NOT NULL,
  lead_days integer NOT NULL,
  notice_deadline date,
  effective_at timestamptz NOT NULL,
  escalation text NOT NULL,
  mail boolean NOT NULL,
  to_manager boolean NOT NULL,
  to_sponsor boolean NOT NULL,
  replaced_in bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (agency_id, contract_id, version),
  CONSTRAINT ledger_once UNIQUE (agency_id, contract_id, replaced_in, term_end, kind, lead_days)
);

-- Ports and disconnects, with their dates; what they forbid each other is not this table's business.
CREATE TABLE orders (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL,
  reference text NOT NULL,
  circuit_id text NOT NULL,
  carrier_name text NOT NULL,
  gaining_carrier_name text NOT NULL,
  carrier_account text NOT NULL,
  state text NOT NULL,
  held_reason text,
  submitted_on date,
  foc_date date,
  requested_date date,
  effective_date date,
  confirmation text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX orders_of_account ON orders (agency_id, account_id, id);

-- What was last imported as which contract or order: the same row again changes nothing, whatever has been amended since.
CREATE TABLE imports (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  fingerprint uuid NOT NULL,
  PRIMARY KEY (agency_id, id)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['accounts', 'locations', 'contracts', 'terms', 'ledger', 'orders',
                              'imports'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (agency_id = ANY ((SELECT string_to_array('
                   'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', name || '_of_agency', name);
  END LOOP;
END $$;
