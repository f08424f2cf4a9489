-- name: insert_term
INSERT INTO terms (agency_id, contract_id, number, start, "end", notice_deadline, origin)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- The last of a contract's terms that starts before $2.
-- name: term_before
SELECT number, start, "end", notice_deadline, origin FROM terms
WHERE contract_id = $1::uuid AND replaced_in = 0 AND start < $2::date ORDER BY number DESC LIMIT 1;

-- name: replace_terms_from
UPDATE terms SET replaced_in = $3::bigint WHERE contract_id = $1::uuid AND replaced_in = 0 AND number >= $2::integer;

-- A page from behind the place ($2, $3) on: what stands, then what was replaced.
-- name: list_terms
SELECT number, start, "end", notice_deadline, origin, replaced_in FROM terms
WHERE agency_id = $1::uuid AND contract_id = $2::uuid AND (replaced_in, number) > ($3::bigint, $4::integer)
ORDER BY replaced_in, number LIMIT $5::bigint;

-- name: insert_entry
INSERT INTO ledger (agency_id, contract_id, version, kind, term_number, term_end, lead_days, notice_deadline,
                    effective_at, escalation, mail, to_manager, to_sponsor, replaced_in)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: replace_entries_from
UPDATE ledger SET replaced_in = $3::bigint WHERE contract_id = $1::uuid AND replaced_in = 0 AND term_end >= $2::date;

-- name: list_entries
SELECT version, kind, term_number, term_end, lead_days, notice_deadline, effective_at, escalation, mail, to_manager,
       to_sponsor, replaced_in
FROM ledger WHERE agency_id = $1::uuid AND contract_id = $2::uuid AND version > $3::bigint
ORDER BY version LIMIT $4::bigint;
