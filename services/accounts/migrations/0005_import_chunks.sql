-- What the rows of a book come to, in the order in which it is applied: nothing refers to what stands behind it. A row
-- a chunk, all of whose records are of one kind, and not a row a record: each is written, settled and dropped once.
CREATE TABLE import_chunks (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  -- Of its first record; the next chunk begins behind its last.
  position integer NOT NULL,
  kind text NOT NULL,
  sheets integer[] NOT NULL,
  rows integer[] NOT NULL,
  -- Made of the kind and its key: the same whenever a book says the same thing.
  sources uuid[] NOT NULL,
  bodies bytea[] NOT NULL,
  -- Null until it was applied, or compared in a dry run.
  verdicts text[],
  PRIMARY KEY (agency_id, import_id, position),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);
-- They live for seconds.
ALTER TABLE import_chunks ALTER COLUMN sources SET STORAGE EXTERNAL, ALTER COLUMN bodies SET STORAGE EXTERNAL;
SELECT runtime.guard_by_agency('import_chunks');

-- An import that is under way reads its files again, which are still there, and finds what it has applied.
DELETE FROM import_sheets USING imports i WHERE i.id = import_id AND i.state = 'applying';
DELETE FROM import_rows USING imports i WHERE i.id = import_id AND i.state = 'applying';
DELETE FROM import_findings USING imports i WHERE i.id = import_id AND i.state = 'applying';
UPDATE imports SET state = 'interpreting', records = 0, records_done = 0, attempts = 0 WHERE state = 'applying';
DROP TABLE import_records;

-- PostgreSQL cannot tell indexes apart before it has counted what is in a table: a first import would look through all that
-- it has written, row after row, until autovacuum comes a minute later. Counts the tables of the book that have doubled
-- since, while they are small. Only its owner may have a table counted.
CREATE FUNCTION count_growing_book() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  growing regclass;
BEGIN
  FOR growing IN
    SELECT oid FROM pg_class
    WHERE oid = ANY (ARRAY['accounts', 'locations', 'contacts', 'carriers', 'carrier_contacts', 'carrier_accounts', 'products',
                           'imported']::regclass[])
      AND reltuples < 10000 AND pg_relation_size(oid) > 2 * relpages * current_setting('block_size')::bigint
    ORDER BY oid
  LOOP
    EXECUTE format('ANALYZE %s', growing);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION count_growing_book FROM PUBLIC;

-- Rows and findings are written by whoever holds their import, and forgotten with it (forget_import): to ask for it at
-- each of them took PostgreSQL as long as the row.
ALTER TABLE import_rows DROP CONSTRAINT import_rows_agency_id_import_id_fkey;
ALTER TABLE import_findings DROP CONSTRAINT import_findings_agency_id_import_id_fkey;

-- Only contracts are looked for by their kind.
CREATE INDEX imported_contracts ON imported (agency_id, source_id) WHERE kind = 'contract';
DROP INDEX imported_by_kind;

-- Each index of products is paid for by every circuit of a book: one for what two did, and none for what is not there.
CREATE INDEX products_by_circuit_at_carrier ON products (agency_id, circuit_key, carrier_id);
DROP INDEX products_by_circuit_key, products_by_circuit;
DROP INDEX products_of_location, products_of_carrier_account;
CREATE INDEX products_of_location ON products (agency_id, location_id) WHERE location_id IS NOT NULL;
CREATE INDEX products_of_carrier_account ON products (agency_id, carrier_account_id) WHERE carrier_account_id IS NOT NULL;
