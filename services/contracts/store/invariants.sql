-- What must hold of contracts at any moment (runtime/operations/verify.h); each sees the agencies of a slice.

-- A contract that runs stands in exactly one term of its history, the last that was not replaced.
-- name: one_running_term
SELECT 'contracts that run' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT stands) AS wrong,
       min(id::text) FILTER (WHERE NOT stands) AS example
FROM (SELECT c.id, (SELECT count(*) = 1 AND bool_and(
                      t.number = c.current_term_number AND t.start = c.current_term_start
                      AND t."end" IS NOT DISTINCT FROM c.current_term_end
                      AND t.notice_deadline IS NOT DISTINCT FROM c.current_term_notice_deadline)
                    FROM terms AS t WHERE t.agency_id = c.agency_id AND t.contract_id = c.id AND t.replaced_in = 0
                                      AND t.number >= c.current_term_number) AS stands
      FROM contracts AS c WHERE c.state IN ('active', 'pendingTerminate')) AS looked;

-- What has a term that ends, or is about to begin, has a timer. (Nothing falls due after the year 2200.)
-- name: next_due_set
SELECT 'contracts with something to come' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT timed) AS wrong,
       min(id::text) FILTER (WHERE NOT timed) AS example
FROM (SELECT c.id, EXISTS (SELECT FROM runtime.timers AS t WHERE t.kind = 'contracts.term'
                             AND t.agency_id = c.agency_id AND t.subject_id = c.id) AS timed
      FROM contracts AS c
      WHERE c.state = 'approved' AND c.current_term_start < '2199-01-01'
         OR c.state IN ('active', 'pendingTerminate') AND least(c.current_term_end, c.last_day) < '2199-01-01'
     ) AS looked;

-- Whoever is undecided has been reminded of the latest lead whose morning has come (R24; domain/term_clock.cpp), and
-- the last reminder that the contract remembers is in the ledger. Not looked at: what a snooze or an amendment moves,
-- and leads whose morning was past when the contract came here.
-- name: ledger_complete
SELECT 'contracts with a reminder due' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT reminded) AS wrong,
       min(id::text || ' ' || due_lead || ' days before') FILTER (WHERE NOT reminded) AS example
FROM (SELECT c.id, c.due_lead, coalesce(c.last_lead_days <= c.due_lead, false) AND EXISTS (
                     SELECT FROM ledger AS l
                     WHERE l.agency_id = c.agency_id AND l.contract_id = c.id AND l.replaced_in = 0
                       AND l.kind = 'contractExpiring' AND l.term_end = c.current_term_end
                       AND l.lead_days = c.last_lead_days) AS reminded
      FROM (SELECT c.*, min(lead) AS due_lead
            FROM contracts AS c CROSS JOIN unnest(ARRAY[120, 90, 60, 30, 14, 7, 3, 1, 0]) AS lead
            CROSS JOIN LATERAL (SELECT c.current_term_notice_deadline - lead AS day) AS reminder
            CROSS JOIN LATERAL (SELECT (day + time '09:00') AT TIME ZONE c.plan_time_zone AS morning) AS at
            WHERE c.state = 'active' AND c.decision = 'undecided' AND c.snoozed_until IS NULL
              AND c.current_term_end - c.current_term_start + 1 >= 90 AND day >= c.current_term_start
              AND morning > c.created_at AND morning < runtime.business_now() - interval '1 minute'
              AND NOT EXISTS (SELECT FROM terms AS t WHERE t.agency_id = c.agency_id AND t.contract_id = c.id
                                AND t.replaced_in > 0)
            GROUP BY c.agency_id, c.id) AS c) AS looked;

-- What a contract says of its account is what is known of the account here (R24: who is reminded early).
-- name: copies_consistent
SELECT 'contracts that are not over' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT consistent) AS wrong,
       min(id::text) FILTER (WHERE NOT consistent) AS example
FROM (SELECT c.id, coalesce(c.early_lead = (a.tier = 'key' OR (
                     SELECT count(*) > 1 FROM locations AS l
                     WHERE l.agency_id = c.agency_id AND l.account_id = c.account_id)), false) AS consistent
      FROM contracts AS c LEFT JOIN accounts AS a ON a.agency_id = c.agency_id AND a.id = c.account_id
      WHERE c.state IN ('approved', 'active', 'pendingTerminate')) AS looked;
