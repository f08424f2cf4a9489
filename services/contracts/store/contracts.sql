-- Columns and parameters of a contract stand in the order of its Fields.
-- part: contract
id, number, account_id, location_id, carrier_id, carrier_name, mrc_minor, mrc_currency, plan_signed_date,
plan_term_clock, plan_term_start, plan_term_months, plan_term_end, plan_open_ended, plan_end_of_term_action,
plan_roll_interval_months, plan_renewal_term_months, plan_notice_value, plan_notice_unit, plan_time_zone, state,
term_phase, current_term_number, current_term_start, current_term_end, current_term_notice_deadline,
current_term_origin, deadline_passes_at, decision, last_day, end_reason, sent_notice_sent_at, sent_notice_method,
sent_notice_reference, sent_notice_acknowledged_at, sent_notice_acknowledgement, early_lead, last_lead_days,
deadline_missed, missed_in_stretch, snoozed_until, first_term_number, created_at, version

-- name: insert_contract
INSERT INTO contracts (agency_id, {{contract}})
VALUES ($1, {{contract as $2}});

-- name: store_contract
UPDATE contracts SET ({{contract}}) = (
  $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
  $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45)
WHERE agency_id = $1::uuid AND id = $2::uuid;

-- name: load_contract
SELECT {{contract}}
FROM contracts WHERE id = $1::uuid;

-- name: lock_contract
SELECT {{contract}}
FROM contracts WHERE id = $1::uuid FOR UPDATE;

-- The contract that has a number, but for one.
-- name: holder_of_number
SELECT id FROM contracts
WHERE agency_id = $1::uuid AND lower(number) = lower($2::text) AND number <> '' AND id <> $3::uuid;

-- Of each contract that is due a row, in the order that is given: all its columns are null if there is none.
-- name: lock_due
SELECT {{contract}}
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS given(of_agency, contract_id, place) LEFT JOIN LATERAL (
  SELECT * FROM contracts AS c WHERE c.agency_id = of_agency AND c.id = contract_id FOR UPDATE) AS held ON true
ORDER BY place;

-- A page of an account's contracts, or of all, from behind $2 on; in the order in which they were made, where ids are
-- ours.
-- name: list_of_account
SELECT {{contract}}
FROM contracts JOIN (
  SELECT c.id AS id_of_page FROM contracts AS c
  WHERE c.agency_id = $1::uuid AND c.account_id = $4::uuid AND c.id > $2::uuid
  ORDER BY c.id LIMIT $3::bigint) AS page ON id_of_page = id
ORDER BY id;

-- name: list_all
SELECT {{contract}}
FROM contracts JOIN (
  SELECT c.id AS id_of_page FROM contracts AS c WHERE c.agency_id = $1::uuid AND c.id > $2::uuid
  ORDER BY c.id LIMIT $3::bigint) AS page ON id_of_page = id
ORDER BY id;

-- Those of an account that are not over and do not know yet whether they are reminded early (R24). Locked in the order
-- of their ids.
-- name: lock_unaware
SELECT {{contract}}
FROM contracts
WHERE account_id = $1::uuid AND early_lead <> $2::boolean
  AND state IN ('inProcess', 'approved', 'active', 'pendingTerminate')
ORDER BY id FOR UPDATE;

-- Both parts of the list of deadlines: what has passed by $2 comes first, then what has not; each a range of
-- contracts_by_deadline from behind the place ($3, $4, $5) on. No zone's date is further than a day from UTC's.
-- name: list_passed
SELECT {{contract}}
FROM contracts JOIN (
  SELECT c.id AS id_of_page FROM contracts AS c
  WHERE c.agency_id = $1::uuid AND c.state = 'active' AND c.decision = 'undecided'
    AND c.current_term_notice_deadline IS NOT NULL
    AND c.current_term_notice_deadline <= ($2::timestamptz AT TIME ZONE 'UTC')::date + 1
    AND c.deadline_passes_at <= $2::timestamptz
    AND c.current_term_notice_deadline >= $3::date
    AND (c.current_term_notice_deadline > $3::date OR coalesce(c.mrc_minor, 0) < $4::bigint
         OR coalesce(c.mrc_minor, 0) = $4::bigint AND c.id > $5::uuid)
  ORDER BY c.current_term_notice_deadline, coalesce(c.mrc_minor, 0) DESC, c.id
  LIMIT $6::bigint) AS page ON id_of_page = id
ORDER BY current_term_notice_deadline, coalesce(mrc_minor, 0) DESC, id;

-- name: list_coming
SELECT {{contract}}
FROM contracts JOIN (
  SELECT c.id AS id_of_page FROM contracts AS c
  WHERE c.agency_id = $1::uuid AND c.state = 'active' AND c.decision = 'undecided'
    AND c.current_term_notice_deadline IS NOT NULL
    AND c.current_term_notice_deadline BETWEEN ($2::timestamptz AT TIME ZONE 'UTC')::date - 1
                                           AND ($2::timestamptz AT TIME ZONE 'UTC')::date + 1 + $7::integer
    AND c.current_term_notice_deadline <= ($2::timestamptz AT TIME ZONE c.plan_time_zone)::date + $7::integer
    AND c.deadline_passes_at > $2::timestamptz
    AND c.current_term_notice_deadline >= $3::date
    AND (c.current_term_notice_deadline > $3::date OR coalesce(c.mrc_minor, 0) < $4::bigint
         OR coalesce(c.mrc_minor, 0) = $4::bigint AND c.id > $5::uuid)
  ORDER BY c.current_term_notice_deadline, coalesce(c.mrc_minor, 0) DESC, c.id
  LIMIT $6::bigint) AS page ON id_of_page = id
ORDER BY current_term_notice_deadline, coalesce(mrc_minor, 0) DESC, id;
