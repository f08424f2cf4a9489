-- name: insert_subscription
INSERT INTO subscriptions (agency_id, id, callback_url, description, event_names, account_ids, state, created_at,
                           version, secret_key_id, secret)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

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

-- name: load_secret
SELECT secret_key_id AS key_id, secret AS bytes FROM subscriptions WHERE id = $1::uuid;

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
