-- name: load_clocks
SELECT name, number, hours, time_zone, target_minutes, started_at, warned, breached, stopped_at, cancelled
FROM sla_clocks WHERE ticket_id = $1::uuid ORDER BY name, number;

-- name: load_pauses
SELECT started_at, ended_at, reason FROM sla_pauses WHERE ticket_id = $1::uuid ORDER BY started_at;

-- The zone of a new ticket's place: its location's, else that of any location of the account.
-- name: load_time_zone
SELECT time_zone FROM locations
WHERE account_id = $1::uuid AND time_zone <> ''
ORDER BY id IS DISTINCT FROM $2::uuid, id
LIMIT 1;

-- The zone of an old ticket's place: the one that was promised by.
-- name: load_zone_of_ticket
SELECT time_zone FROM sla_clocks WHERE ticket_id = $1::uuid ORDER BY number LIMIT 1;

-- name: store_clock
INSERT INTO sla_clocks (agency_id, ticket_id, name, number, hours, time_zone, target_minutes, started_at, warned,
                        breached, stopped_at, cancelled)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (agency_id, ticket_id, name, number) DO UPDATE
  SET warned = excluded.warned, breached = excluded.breached, stopped_at = excluded.stopped_at,
      cancelled = excluded.cancelled;

-- name: store_pause
INSERT INTO sla_pauses (agency_id, ticket_id, started_at, ended_at, reason) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, ticket_id, started_at) DO UPDATE SET ended_at = excluded.ended_at, reason = excluded.reason;
