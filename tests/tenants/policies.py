"""What each row-level-security policy holds off, found by taking it away.

All of it happens in transactions that are rolled back. So that a row of each agency stands in every table, whatever else
the table demands, the table's other constraints and triggers are taken away in the same transaction.
"""

# Tables in which no agency has anything, or that hold ids and bytes of all: only the app role of their own service
# reaches them, and no statement of a verb names them (design, decision 2).
WITHOUT = {
    "runtime.business_clock": "one row: the clock",
    "runtime.dead_letters": "the consumer's, of all agencies; listed by agency",
    "runtime.early_events": "of a database that was restored: own events of all agencies",
    "runtime.inbox": "the consumer's: event ids",
    "runtime.leases": "who leads",
    "runtime.migrations": "what was applied",
    "runtime.outbox": "the relay's: events on their way, of all agencies",
    "runtime.requests": "answers by request_id; the key begins with the agency",
    "runtime.streams": "counters",
    "runtime.timers": "the sweep's: ids and instants, of all agencies",
}
# Functions that run as the owner, whom no policy holds: what each gives out.
AS_OWNER = {
    "public.count_growing_book": "nothing: only its owner may have a table counted",
    "public.find_api_key": "one key to whoever names all of its id, before it is known whose it is",
    "public.find_identified": "of the searching agency alone",
    "public.find_named": "of the searching agency alone",
    "public.search_accounts": "of the searching agency alone",
    "public.search_circuits": "of the searching agency alone",
    "public.search_locations": "of the searching agency alone",
    "public.search_streets": "of the searching agency alone",
    "runtime.next_agency": "the next agency's id, to sweeps",
}

TABLES = """SELECT coalesce(json_agg(json_build_object(
    'name', format('%s.%s', n.nspname, c.relname), 'guarded', c.relrowsecurity, 'forced', c.relforcerowsecurity,
    'owner', pg_get_userbyid(c.relowner), 'policies', ARRAY(SELECT policyname FROM pg_policies
      WHERE schemaname = n.nspname AND tablename = c.relname)) ORDER BY 1), '[]')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg_toast%' AND n.nspname NOT LIKE 'pg_temp%'"""
# Views that answer as their owner would pass by the policies of what they show; materialised ones have none.
VIEWS = """SELECT coalesce(json_agg(format('%s.%s', n.nspname, c.relname)), '[]')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND (c.relkind = 'm' OR c.relkind = 'v'
    AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false))"""
FUNCTIONS = """SELECT coalesce(json_agg(format('%s.%s', n.nspname, p.proname)), '[]')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"""
ROLES = """SELECT json_agg(json_build_object('name', rolname, 'super', rolsuper, 'bypass', rolbypassrls))
  FROM pg_roles WHERE rolname LIKE 'holdfast\\_%\\_app'"""

PREPARE = """BEGIN;
SET LOCAL session_replication_role = replica;
CREATE FUNCTION pg_temp.strip(bared regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = bared LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', bared, name);
  END LOOP;
  FOR name IN SELECT indexrelid::regclass FROM pg_index WHERE indrelid = bared LOOP
    EXECUTE format('DROP INDEX %s', name);
  END LOOP;
  FOR name IN SELECT attname FROM pg_attribute WHERE attrelid = bared AND attnum > 0 AND attnotnull
      AND attidentity = '' LOOP
    EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', bared, name);
  END LOOP;
  EXECUTE format('DELETE FROM %s', bared);
END $$;

-- What somebody who acts for `ours` gets done with what is `theirs`, as the app role: "own" rows that are seen, and each
-- way in which another agency's row is got at.
CREATE FUNCTION pg_temp.probe(probed regclass, app text, ours uuid, theirs uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  statement text[];
  rows bigint;
  done jsonb := '{{}}';
BEGIN
  EXECUTE format('DELETE FROM %s', probed);
  EXECUTE format('INSERT INTO %s (agency_id) VALUES ($1), ($2)', probed) USING ours, theirs;
  PERFORM set_config('app.agencies', ours::text, true), set_config('role', app, true);
  FOREACH statement SLICE 1 IN ARRAY ARRAY[
    ['own', 'SELECT FROM %s WHERE agency_id = $1 AND $2 IS NOT NULL'],
    ['reads', 'SELECT FROM %s WHERE agency_id = $2 AND $1 IS NOT NULL'],
    ['changes', 'UPDATE %s SET agency_id = agency_id WHERE agency_id = $2 AND $1 IS NOT NULL'],
    ['adds', 'INSERT INTO %s (agency_id) SELECT $2 WHERE $1 IS NOT NULL'],
    ['gives', 'UPDATE %s SET agency_id = $2 WHERE agency_id = $1'],
    ['takes', 'UPDATE %s SET agency_id = $1 WHERE agency_id = $2'],
    ['removes', 'DELETE FROM %s WHERE agency_id = $2 AND $1 IS NOT NULL']]
  LOOP
    BEGIN
      EXECUTE format(statement[2], probed) USING ours, theirs;
      GET DIAGNOSTICS rows = ROW_COUNT;
      done := done || jsonb_build_object(statement[1], rows > 0);
      RAISE EXCEPTION USING ERRCODE = 'HF001';  -- each begins where the first began
    EXCEPTION
      WHEN SQLSTATE 'HF001' THEN NULL;
      WHEN insufficient_privilege THEN done := done || jsonb_build_object(statement[1], false);
    END;
  END LOOP;
  PERFORM set_config('app.agencies', '', true);
  EXECUTE format('SELECT FROM %s', probed);
  GET DIAGNOSTICS rows = ROW_COUNT;
  PERFORM set_config('role', 'none', true);
  RETURN done || jsonb_build_object('without', rows > 0);
END $$;
SELECT pg_temp.strip('{table}');
"""
PROBE = """SELECT pg_temp.probe('{table}', 'holdfast_{service}_app', gen_random_uuid(), gen_random_uuid());
"""
OPENED = "ALTER POLICY {policy} ON {table} USING (true);\n"
OPENED_TO_WRITE = "ALTER POLICY {policy} ON {table} WITH CHECK (true);\n"
DROPPED = "DROP POLICY {policy} ON {table};\n"
OFF = "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"

WAYS = ("reads", "changes", "adds", "gives", "takes", "removes", "without")

# Opens all of a database's, and gives the statements that make them what they were.
OPEN_ALL = """SELECT coalesce(json_agg(format('ALTER POLICY %I ON %I.%I USING (%s);', policyname, schemaname, tablename, qual)),
    '[]') AS before FROM pg_policies \\gset
SELECT format('ALTER POLICY %I ON %I.%I USING (true)', policyname, schemaname, tablename) FROM pg_policies \\gexec
\\echo :before
"""


def probe(books, service, table, policy, changes):
    """For each of these statements: the ways in which another agency's row of the table is got at, once it was run."""
    script = PREPARE + "".join(f"SAVEPOINT as_it_was;\n{change}{PROBE}ROLLBACK TO as_it_was;\n" for change in changes)
    for name, value in (("{{}}", "{}"), ("{table}", table), ("{policy}", policy), ("{service}", service)):
        script = script.replace(name, value)
    answers = books.answers(service, script + "ROLLBACK;\n")[-len(changes):]
    return [{way for way, done in answer.items() if done} for answer in answers]
