-- The agencies of which anything is here, from behind $1 on.
-- name: slice
WITH RECURSIVE known (agency) AS (
  SELECT runtime.next_agency($1::uuid)
  UNION ALL
  SELECT runtime.next_agency(agency) FROM known WHERE agency IS NOT NULL)
SELECT agency FROM known WHERE agency IS NOT NULL LIMIT $2::bigint;
