-- name: insert_import
INSERT INTO imports (agency_id, id, state, created_by, created_at, version)
VALUES ($1::uuid, $2::uuid, 'uploading', $3::text, $4::timestamptz, 1);

-- name: insert_import_files
INSERT INTO import_files (agency_id, import_id, file, name, size_bytes, received_bytes)
SELECT $1::uuid, $2::uuid, place - 1, name, size_bytes, 0
FROM unnest($3::text[], $4::integer[]) WITH ORDINALITY AS given (name, size_bytes, place);

-- Whoever counts what is not over also locks it out of becoming more: one agency's imports are created one by one.
-- name: take_turns_importing
SELECT pg_advisory_xact_lock(hashtextextended('accounts.imports/' || $1::uuid, 0));

-- name: count_open_imports
SELECT count(*) FROM imports WHERE agency_id = $1::uuid AND state IN ('uploading', 'interpreting', 'applying');

-- name: load_import
SELECT id, state, dry_run, include_hidden_sheets, created_by, created_at, finished_at, records, records_done,
       failure_reason, failure_message, left(failure_reason, 0) AS failure_remedy, version
FROM imports WHERE id = $1::uuid;

-- name: lock_import
SELECT id, state, dry_run, include_hidden_sheets, created_by, created_at, finished_at, records, records_done,
       failure_reason, failure_message, left(failure_reason, 0) AS failure_remedy, version
FROM imports WHERE id = $1::uuid FOR UPDATE;

-- name: load_import_files
SELECT name, size_bytes, received_bytes FROM import_files WHERE import_id = $1::uuid ORDER BY file;

-- name: load_import_sheets
SELECT name, file, ignored, why_ignored, header_row, rows_read, created, updated, unchanged, rejected, warnings
FROM import_sheets WHERE import_id = $1::uuid ORDER BY sheet;

-- name: insert_piece
INSERT INTO import_pieces (agency_id, import_id, file, begins_at, data)
VALUES ($1::uuid, $2::uuid, $3::integer, $4::integer, $5::bytea);

-- name: count_received
UPDATE import_files SET received_bytes = received_bytes + $3::integer WHERE import_id = $1::uuid AND file = $2::integer;

-- name: load_piece
SELECT data FROM import_pieces WHERE import_id = $1::uuid AND file = $2::integer AND begins_at = $3::integer;

-- name: start_import
UPDATE imports SET state = 'interpreting', mapping_json = $2::text, dry_run = $3::boolean,
                   include_hidden_sheets = $4::boolean, owner_id = $5::uuid, version = version + 1
WHERE id = $1::uuid;

-- name: first_staff
SELECT id FROM staff WHERE agency_id = $1::uuid ORDER BY id LIMIT 1;

-- name: forget_import
WITH gone AS (DELETE FROM imports WHERE id = $1::uuid RETURNING agency_id, id),
     rows_gone AS (DELETE FROM import_rows USING gone WHERE (import_rows.agency_id, import_id) = (gone.agency_id, gone.id))
DELETE FROM import_findings USING gone WHERE (import_findings.agency_id, import_id) = (gone.agency_id, gone.id);

-- Rows in the order of the files, from the place behind ($2, $3) on; of one verdict, with a warning, of one sheet where
-- asked for.
-- name: list_import_rows
SELECT r.sheet AS place_sheet, r.row AS place_row, s.name AS sheet, s.file, r.verdict, r.first_row
FROM import_rows r JOIN import_sheets s USING (agency_id, import_id, sheet)
WHERE r.import_id = $1::uuid AND (r.sheet, r.row) > ($2::integer, $3::integer)
  AND ($4::text IS NULL OR r.verdict = $4::text)
  AND (NOT $5::boolean OR EXISTS (SELECT FROM import_findings f
         WHERE f.agency_id = r.agency_id AND f.import_id = r.import_id AND f.sheet = r.sheet AND f.row = r.row
           AND NOT f.rejects))
  AND ($6::text = '' OR s.name = $6::text)
ORDER BY r.sheet, r.row LIMIT $7::bigint;

-- name: findings_of
SELECT f.sheet AS place_sheet, f.row AS place_row, f.rejects, f.reason, f."column", f.value, f.message, f.first_row
FROM unnest($2::integer[], $3::integer[]) AS asked (sheet, row)
JOIN import_findings f ON f.import_id = $1::uuid AND f.agency_id = $4::uuid AND f.sheet = asked.sheet AND f.row = asked.row
ORDER BY f.sheet, f.row, f.place;

-- name: list_rejections
SELECT f.sheet AS at_sheet, f.row AS at_row, f.place AS at_place, s.file, s.name AS sheet, f."column", f.value,
       f.reason, f.message, f.first_row
FROM import_findings f JOIN import_sheets s USING (agency_id, import_id, sheet)
WHERE f.import_id = $1::uuid AND f.rejects AND (f.sheet, f.row, f.place) > ($2::integer, $3::integer, $4::integer)
ORDER BY f.sheet, f.row, f.place LIMIT $5::bigint;
