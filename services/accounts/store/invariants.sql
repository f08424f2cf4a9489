-- What must hold of the book at any moment (runtime/operations/verify.h); each sees the agencies of a slice.

-- Accounts hang under one another without a ring, at most six deep (domain/account.h).
-- name: accounts_hang_together
WITH RECURSIVE above (agency_id, id, parent_id, depth) AS (
  SELECT agency_id, id, parent_id, 1 FROM accounts
  UNION ALL
  SELECT a.agency_id, a.id, p.parent_id, a.depth + 1
  FROM above AS a JOIN accounts AS p ON p.agency_id = a.agency_id AND p.id = a.parent_id WHERE a.depth <= 6)
SELECT 'accounts' AS what, count(*) FILTER (WHERE depth = 1) AS looked_at, count(*) FILTER (WHERE depth > 6) AS wrong,
       min(id::text) FILTER (WHERE depth > 6) AS example
FROM above;
