-- What only the worker of imports needs: what a book comes to is staged, compared with what the agency has, and applied,
-- a thousand records a statement.

-- name: load_work
SELECT mapping_json, owner_id, include_hidden_sheets, dry_run FROM imports WHERE id = $1::uuid;

-- name: next_kind
SELECT c.kind
FROM imports i
JOIN import_chunks c ON c.agency_id = i.agency_id AND c.import_id = i.id AND c.position = i.records_done + 1
WHERE i.id = $1::uuid AND i.state = 'applying';

-- name: load_applying
SELECT id, state, dry_run, include_hidden_sheets, created_by, created_at, finished_at, records, records_done,
       failure_reason, failure_message, left(failure_reason, 0) AS failure_remedy, version
FROM imports WHERE id = $1::uuid AND state = 'applying' AND records_done < records;

-- name: stage_sheets
INSERT INTO import_sheets (agency_id, import_id, sheet, name, file, ignored, why_ignored, header_row, rows_read, created,
                           updated, unchanged, rejected, warnings)
SELECT $1::uuid, $2::uuid, place - 1, name, file, why_ignored <> '', why_ignored, header_row, rows_read, created, updated,
       unchanged, rejected, warnings
FROM unnest($3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::integer[], $9::integer[],
            $10::integer[], $11::integer[], $12::integer[]) WITH ORDINALITY
  AS s (name, file, why_ignored, header_row, rows_read, created, updated, unchanged, rejected, warnings, place);

-- name: stage_rows
INSERT INTO import_rows (agency_id, import_id, sheet, row, verdict, first_row, follows_sheet, follows_row)
SELECT $1::uuid, $2::uuid, r.* FROM unnest($3::integer[], $4::integer[], $5::text[], $6::integer[], $7::integer[],
                                           $8::integer[]) AS r;

-- name: stage_findings
INSERT INTO import_findings (agency_id, import_id, sheet, row, rejects, reason, "column", value, message, first_row)
SELECT $1::uuid, $2::uuid, g.sheet, g.row, g.rejects <> 0, g.reason, g."column", g.value, g.message, g.first_row
FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[], $10::integer[])
  WITH ORDINALITY AS g (sheet, row, rejects, reason, "column", value, message, first_row, place)
ORDER BY g.place;

-- name: stage_chunk
INSERT INTO import_chunks (agency_id, import_id, position, kind, sheets, rows, sources, bodies)
VALUES ($1::uuid, $2::uuid, $3::integer, $4::text, $5::integer[], $6::integer[], $7::uuid[], $8::bytea[]);

-- name: count_attempt
UPDATE imports SET attempts = attempts + 1 WHERE id = $1::uuid RETURNING attempts;

-- name: count_failure
UPDATE imports SET attempts = attempts + 1 WHERE id = $1::uuid AND state = 'applying' RETURNING attempts;

-- name: begin_applying
UPDATE imports SET state = 'applying', records = $2::integer, records_done = 0, attempts = 0, version = version + 1
WHERE id = $1::uuid;

-- name: fail_import
UPDATE imports SET state = 'failed', failure_reason = $2::text, failure_message = $3::text, finished_at = $4::timestamptz,
                   version = version + 1
WHERE id = $1::uuid;

-- The records of the next chunk.
-- name: next_records
SELECT (c.position + r.place - 1)::integer AS position, c.kind, r.sheet, r.row, r.source_id, r.body
FROM import_chunks c,
     unnest(c.sheets, c.rows, c.sources, c.bodies) WITH ORDINALITY AS r (sheet, row, source_id, body, place)
WHERE c.import_id = $1::uuid AND c.position = $2::integer + 1 ORDER BY r.place;

-- name: fingerprints
SELECT source_id, fingerprint FROM imported WHERE agency_id = $1::uuid AND source_id = ANY ($2::uuid[]);

-- name: keep_fingerprints
INSERT INTO imported (agency_id, import_id, kind, source_id, name, fingerprint)
SELECT $1::uuid, $2::uuid, $3::text, i.* FROM unnest($4::uuid[], $5::text[], $6::uuid[]) AS i
ON CONFLICT (agency_id, source_id) DO UPDATE
  SET fingerprint = excluded.fingerprint, import_id = excluded.import_id, name = excluded.name;

-- name: settle_chunk
UPDATE import_chunks SET verdicts = $3::text[] WHERE import_id = $1::uuid AND position = $2::integer;

-- name: advance_import
UPDATE imports SET records_done = $2::integer, attempts = 0, version = version + 1 WHERE id = $1::uuid;

-- PostgreSQL has not counted yet what was staged a moment ago, takes it for a row or two, and would look through all of
-- it once a row. To compile the statement takes longer than to run it.
-- name: prefer_hash_joins
SELECT set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('jit', 'off', true);

-- A row's verdict is its records' best one, unless one of them was rejected; that of a row without records is that of
-- the records that it adds to. Where those stand in another sheet, it is unchanged if the whole book is.
-- name: settle_rows
WITH told AS (
  SELECT r.sheet, r.row, bool_or(r.verdict = 'rejected') AS rejected, bool_or(r.verdict = 'created') AS created,
         bool_or(r.verdict = 'updated') AS updated
  FROM import_chunks c, unnest(c.sheets, c.rows, c.verdicts) AS r (sheet, row, verdict)
  WHERE c.import_id = $1::uuid GROUP BY r.sheet, r.row
), settled AS (
  SELECT r.sheet, r.row, r.verdict,
         CASE WHEN own.rejected THEN 'rejected'
              WHEN own.created THEN 'created'
              WHEN r.verdict = 'updated' THEN
                CASE WHEN own.updated OR other.created OR other.updated THEN 'updated'
                     WHEN other.sheet IS NULL AND EXISTS (SELECT FROM told WHERE created OR updated) THEN 'updated'
                     ELSE 'unchanged' END
              WHEN own.updated THEN 'updated'
              WHEN own.sheet IS NULL AND other.created THEN 'created'
              WHEN own.sheet IS NULL AND other.updated THEN 'updated'
              ELSE 'unchanged' END AS verdict_now
  FROM import_rows r
  LEFT JOIN told own ON own.sheet = r.sheet AND own.row = r.row
  LEFT JOIN told other ON other.sheet = r.follows_sheet AND other.row = r.follows_row
  WHERE r.import_id = $1::uuid AND r.verdict IN ('created', 'updated')
)
UPDATE import_rows r SET verdict = s.verdict_now FROM settled s
WHERE r.import_id = $1::uuid AND r.sheet = s.sheet AND r.row = s.row AND s.verdict_now <> s.verdict;

-- name: settle_sheets
UPDATE import_sheets s SET created = n.created, updated = n.updated, unchanged = n.unchanged, rejected = n.rejected,
                           warnings = n.warnings
FROM (
  SELECT r.sheet, count(*) FILTER (WHERE r.verdict = 'created')::integer AS created,
         count(*) FILTER (WHERE r.verdict = 'updated')::integer AS updated,
         count(*) FILTER (WHERE r.verdict = 'unchanged')::integer AS unchanged,
         count(*) FILTER (WHERE r.verdict = 'rejected')::integer AS rejected,
         coalesce(sum(f.warnings) FILTER (WHERE r.verdict <> 'rejected'), 0)::integer AS warnings
  FROM import_rows r
  LEFT JOIN (SELECT sheet, row, count(*) AS warnings FROM import_findings
             WHERE import_id = $1::uuid AND NOT rejects GROUP BY sheet, row) f USING (sheet, row)
  WHERE r.import_id = $1::uuid GROUP BY r.sheet
) n
WHERE s.import_id = $1::uuid AND s.sheet = n.sheet;

-- name: finish_import
UPDATE imports SET state = 'done', finished_at = $2::timestamptz, version = version + 1 WHERE id = $1::uuid;

-- The bytes and what they came to have served.
-- name: drop_pieces
DELETE FROM import_pieces WHERE import_id = $1::uuid;

-- name: drop_chunks
DELETE FROM import_chunks WHERE import_id = $1::uuid;
