-- A batch of the oldest rows, by an index on their age: what is young is not read.
-- name: forget_inbox
DELETE FROM runtime.inbox WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM runtime.inbox WHERE received_at < $1::timestamptz ORDER BY received_at LIMIT $2::bigint));

-- name: forget_requests
DELETE FROM runtime.requests WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM runtime.requests WHERE created_at < $1::timestamptz ORDER BY created_at LIMIT $2::bigint));
