-- name: insert_term
INSERT INTO terms (agency_id, contract_id, number, start, "end", notice_deadline, origin)
VALUES ($1, $2, $3, $4, $5, $6, $7);
