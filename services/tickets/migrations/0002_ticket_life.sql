-- Carried by every account from now on; copies made before are mended by their next event.
ALTER TABLE accounts ADD COLUMN tier text NOT NULL DEFAULT 'standard';

ALTER TABLE tickets
  ADD COLUMN pause_reason text,
  ADD COLUMN resolution text NOT NULL DEFAULT '',
  ADD COLUMN resolved_at timestamptz,
  ADD COLUMN carrier text NOT NULL DEFAULT '',
  ADD COLUMN carrier_ticket text NOT NULL DEFAULT '';
CREATE INDEX tickets_by_opening ON tickets (agency_id, opened_at, id);

-- The promises about a ticket, each with the calendar and target that held when it was made.
CREATE TABLE sla_clocks (
  agency_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  name text NOT NULL,
  number integer NOT NULL,
  hours text NOT NULL,
  time_zone text NOT NULL,
  target_minutes bigint NOT NULL,
  started_at timestamptz NOT NULL,
  warned boolean NOT NULL,
  breached boolean NOT NULL,
  stopped_at timestamptz,
  cancelled boolean NOT NULL,
  PRIMARY KEY (agency_id, ticket_id, name, number)
);

CREATE TABLE sla_pauses (
  agency_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  reason text NOT NULL,
  PRIMARY KEY (agency_id, ticket_id, started_at)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sla_clocks', 'sla_pauses'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON %I USING (agency_id = ANY ((SELECT string_to_array('
                   'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', name || '_of_agency', name);
  END LOOP;
END $$;
