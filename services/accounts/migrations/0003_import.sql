-- An agency's book on its way in: its files, what they say, what became of each row. Gone 90 days after the import is
-- over; what it brought stays.
CREATE TABLE imports (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL,
  dry_run boolean NOT NULL DEFAULT false,
  include_hidden_sheets boolean NOT NULL DEFAULT false,
  mapping_json text NOT NULL DEFAULT '',
  -- Who answers for accounts whose book names no member of staff; known once the import was started.
  owner_id uuid,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  records integer NOT NULL DEFAULT 0,
  -- The cursor: what stands before it is applied, in the transaction that moved it.
  records_done integer NOT NULL DEFAULT 0,
  -- Beginnings and failures since it last got on: a book that ends the process is not begun for ever.
  attempts integer NOT NULL DEFAULT 0,
  failure_reason text,
  failure_message text,
  version bigint NOT NULL,
  CONSTRAINT imports_id_new PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, owner_id) REFERENCES staff
);

CREATE TABLE import_files (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  file integer NOT NULL,
  name text NOT NULL,
  size_bytes integer NOT NULL,
  received_bytes integer NOT NULL,
  PRIMARY KEY (agency_id, import_id, file),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);

-- A file's bytes as they came; gone when the import is over.
CREATE TABLE import_pieces (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  file integer NOT NULL,
  begins_at integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (agency_id, import_id, file, begins_at),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);
-- What a workbook is packed into does not pack again.
ALTER TABLE import_pieces ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE import_sheets (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  sheet integer NOT NULL,
  name text NOT NULL,
  file text NOT NULL,
  ignored boolean NOT NULL,
  why_ignored text NOT NULL,
  header_row integer NOT NULL,
  rows_read integer NOT NULL,
  created integer NOT NULL,
  updated integer NOT NULL,
  unchanged integer NOT NULL,
  rejected integer NOT NULL,
  warnings integer NOT NULL,
  PRIMARY KEY (agency_id, import_id, sheet),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);

-- Every row that was read. Before the import is done, the verdict is what the files alone tell.
CREATE TABLE import_rows (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  sheet integer NOT NULL,
  row integer NOT NULL,
  verdict text NOT NULL,
  first_row integer NOT NULL,
  -- Whose records this row adds to, so that its verdict follows theirs; null where it has records of its own.
  follows_sheet integer,
  follows_row integer,
  PRIMARY KEY (agency_id, import_id, sheet, row),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);

CREATE TABLE import_findings (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  sheet integer NOT NULL,
  row integer NOT NULL,
  place integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  rejects boolean NOT NULL,
  reason text NOT NULL,
  "column" text NOT NULL,
  value text NOT NULL,
  message text NOT NULL,
  first_row integer NOT NULL,
  PRIMARY KEY (agency_id, import_id, sheet, row, place),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);

-- What the rows come to, in the order in which it is applied: nothing refers to what stands behind it.
CREATE TABLE import_records (
  agency_id uuid NOT NULL,
  import_id uuid NOT NULL,
  position integer NOT NULL,
  kind text NOT NULL,
  sheet integer NOT NULL,
  row integer NOT NULL,
  -- Made of the kind and its key: the same whenever a book says the same thing.
  source_id uuid NOT NULL,
  body bytea NOT NULL,
  -- Null until it was applied, or compared in a dry run.
  verdict text,
  PRIMARY KEY (agency_id, import_id, position),
  FOREIGN KEY (agency_id, import_id) REFERENCES imports ON DELETE CASCADE
);

-- What was last imported as what: the same again changes nothing, whatever has been changed by hand since.
CREATE TABLE imported (
  agency_id uuid NOT NULL,
  source_id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  fingerprint uuid NOT NULL,
  import_id uuid NOT NULL,
  PRIMARY KEY (agency_id, source_id)
);
CREATE INDEX imported_by_kind ON imported (agency_id, kind);

SELECT runtime.guard_by_agency(name) FROM unnest(ARRAY['imports', 'import_files', 'import_pieces', 'import_sheets',
  'import_rows', 'import_findings', 'import_records', 'imported']::regclass[]) AS name;

-- An import finds a product by its circuit, also one that is over.
CREATE INDEX products_by_circuit ON products (agency_id, carrier_id, circuit_key);
