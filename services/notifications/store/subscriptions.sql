-- name: insert_subscription
INSERT INTO subscriptions (agency_id, id, callback_url, description, event_names, account_ids, state, created_at,
                           version, secret_key_id, secret)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- Whoever counts an agency's subscriptions also locks them out of becoming more.
-- name: take_turns_subscribing
SELECT pg_advisory_xact_lock(hashtextextended('notifications.subscriptions/' || $1::uuid, 0));

-- name: count_subscriptions
SELECT count(*) FROM subscriptions WHERE deleted_at IS NULL;

-- name: load_subscription
SELECT id, callback_url, description, event_names, account_ids, state, created_at, version
FROM subscriptions WHERE id = $1::uuid AND deleted_at IS NULL;

-- name: lock_subscription
SELECT id, callback_url, description, event_names, account_ids, state, created_at, version
FROM subscriptions WHERE id = $1::uuid AND deleted_at IS NULL FOR UPDATE;

-- name: update_subscription
UPDATE subscriptions SET state = $2::text, version = $3::bigint WHERE id = $1::uuid;

-- name: delete_subscription
UPDATE subscriptions SET deleted_at = $2::timestamptz WHERE id = $1::uuid AND deleted_at IS NULL;

-- name: change_subscription
UPDATE subscriptions SET callback_url = $2::text, description = $3::text, event_names = $4::text[],
                         account_ids = $5::uuid[], version = $6::bigint
WHERE id = $1::uuid;

-- name: rotate_secret
UPDATE subscriptions SET old_secret_key_id = secret_key_id, old_secret = secret, old_secret_until = $4::timestamptz,
                         secret_key_id = $2::text, secret = $3::bytea, version = $5::bigint
WHERE id = $1::uuid;

-- name: list_subscriptions
SELECT id, callback_url, description, event_names, account_ids, state, created_at, version
FROM subscriptions WHERE agency_id = $1::uuid AND id > $2::uuid AND deleted_at IS NULL
ORDER BY id LIMIT $3::bigint;

-- Those that sign now, the newest first.
-- name: load_secrets
SELECT key_id, bytes FROM (
  SELECT 1 AS place, secret_key_id AS key_id, secret AS bytes FROM subscriptions WHERE id = $1::uuid
  UNION ALL
  SELECT 2, old_secret_key_id, old_secret FROM subscriptions WHERE id = $1::uuid AND old_secret_until > $2::timestamptz
) AS secrets ORDER BY place;

-- Who hears of an event by this name about this account (nil: about the whole agency). A dead letter is told to those
-- alone who name it: subscriptions that fail would otherwise feed one another.
-- name: matching_subscriptions
SELECT id FROM subscriptions
WHERE deleted_at IS NULL AND state <> 'disabled'
  AND ($1::text = ANY (event_names) OR (event_names = '{}' AND $1::text <> 'delivery-dead-lettered'))
  AND ($2::uuid = ANY (account_ids) OR account_ids = '{}')
ORDER BY id;

-- name: forget_subscription
DELETE FROM subscriptions WHERE id = $1::uuid AND deleted_at IS NOT NULL;
