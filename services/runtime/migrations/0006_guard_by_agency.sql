-- Row-level security as every table with an agency_id has it: the app role sees the agencies that its transaction has
-- set, and no other. A service's migration says, for each table that it creates,
--   SELECT runtime.guard_by_agency('tickets');
CREATE FUNCTION runtime.guard_by_agency(guarded regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
  EXECUTE format('CREATE POLICY of_agency ON %s USING (agency_id = ANY ((SELECT string_to_array('
                 'current_setting(''app.agencies'', true), '','')::uuid[])::uuid[]))', guarded);
END $$;
