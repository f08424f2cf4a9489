-- How far the business clock is from the system's, in one row: kept, so that a process that starts again does not go back.
CREATE TABLE runtime.business_clock (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  offset_us bigint NOT NULL
);

-- The business clock, for those who check what must hold by now.
CREATE FUNCTION runtime.business_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT clock_timestamp() + coalesce((SELECT offset_us FROM runtime.business_clock), 0) * interval '1 microsecond'
$$;

-- The first agency behind `place` of which this database holds anything: for those who check all agencies, slice by
-- slice. Row-level security shows a slice once it is named; this function, run as the owner, gives out names alone.
CREATE FUNCTION runtime.next_agency(place uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  holder regclass;
  found uuid;
  first uuid;
BEGIN
  FOR holder IN
    SELECT c.oid FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'agency_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  LOOP
    EXECUTE format('SELECT agency_id FROM %s WHERE agency_id > $1 ORDER BY agency_id LIMIT 1', holder)
      INTO found USING place;
    first := least(first, found);
  END LOOP;
  RETURN first;
END $$;
REVOKE ALL ON FUNCTION runtime.next_agency FROM PUBLIC;
