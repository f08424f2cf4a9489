-- Takes a free or expired lease, or renews our own; no row when another holds it. By the database's clock alone.
-- name: take
INSERT INTO runtime.leases AS l (name, owner, term, expires_at)
VALUES ($1::text, $2::uuid, 1, clock_timestamp() + $3::bigint * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE
  SET term = CASE WHEN l.owner = excluded.owner THEN l.term ELSE l.term + 1 END,
      owner = excluded.owner, expires_at = excluded.expires_at
  WHERE l.owner = excluded.owner OR l.expires_at < clock_timestamp()
RETURNING term;

-- The row stays, and its term with it: a term that began again at 1 would fence nothing.
-- name: release
UPDATE runtime.leases SET expires_at = clock_timestamp() WHERE name = $1::text AND owner = $2::uuid;

-- Fails the transaction of an owner that has been overtaken: the row is locked until its commit.
-- name: confirm
SELECT term FROM runtime.leases WHERE name = $1::text AND owner = $2::uuid AND term = $3::bigint FOR SHARE;
