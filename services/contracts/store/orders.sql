-- name: lock_orders
SELECT id, account_id, kind, reference, circuit_id, carrier_name, gaining_carrier_name, carrier_account, state,
       held_reason, submitted_on, foc_date, requested_date, effective_date, confirmation, version
FROM orders WHERE agency_id = $1::uuid AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE;

-- name: store_order
INSERT INTO orders (agency_id, id, account_id, kind, reference, circuit_id, carrier_name, gaining_carrier_name,
                    carrier_account, state, held_reason, submitted_on, foc_date, requested_date, effective_date,
                    confirmation, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (agency_id, id) DO UPDATE SET
  account_id = excluded.account_id, kind = excluded.kind, reference = excluded.reference,
  circuit_id = excluded.circuit_id, carrier_name = excluded.carrier_name,
  gaining_carrier_name = excluded.gaining_carrier_name, carrier_account = excluded.carrier_account,
  state = excluded.state, held_reason = excluded.held_reason, submitted_on = excluded.submitted_on,
  foc_date = excluded.foc_date, requested_date = excluded.requested_date, effective_date = excluded.effective_date,
  confirmation = excluded.confirmation, version = excluded.version;

-- name: list_orders_of_account
SELECT id, account_id, kind, reference, circuit_id, carrier_name, gaining_carrier_name, carrier_account, state,
       held_reason, submitted_on, foc_date, requested_date, effective_date, confirmation, version
FROM orders WHERE agency_id = $1::uuid AND id > $2::uuid AND account_id = $4::uuid ORDER BY id LIMIT $3::bigint;

-- name: list_orders
SELECT id, account_id, kind, reference, circuit_id, carrier_name, gaining_carrier_name, carrier_account, state,
       held_reason, submitted_on, foc_date, requested_date, effective_date, confirmation, version
FROM orders WHERE agency_id = $1::uuid AND id > $2::uuid ORDER BY id LIMIT $3::bigint;
