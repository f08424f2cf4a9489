-- What must hold of tickets at any moment (runtime/operations/verify.h); each sees the agencies of a slice.

-- A promise that is neither kept nor broken, and does not stand still, has its ticket's timer. Waiting for the carrier
-- stops nothing (R63).
-- name: promises_timed
SELECT 'running promises' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT timed) AS wrong,
       min(ticket_id::text || ' ' || name) FILTER (WHERE NOT timed) AS example
FROM (SELECT s.ticket_id, s.name, EXISTS (SELECT FROM runtime.timers AS t WHERE t.kind = 'tickets.promises'
                                            AND t.agency_id = s.agency_id AND t.subject_id = s.ticket_id) AS timed
      FROM sla_clocks AS s
      WHERE s.stopped_at IS NULL AND NOT s.breached
        AND NOT EXISTS (SELECT FROM sla_pauses AS p
                        WHERE p.agency_id = s.agency_id AND p.ticket_id = s.ticket_id AND p.ended_at IS NULL
                          AND p.started_at >= s.started_at AND p.reason <> 'waitingCarrier')) AS looked;

-- Nothing is promised any more about a ticket that is through.
-- name: promises_end_with_their_ticket
SELECT 'tickets that are through' AS what, count(*) AS looked_at, count(*) FILTER (WHERE promised) AS wrong,
       min(id::text) FILTER (WHERE promised) AS example
FROM (SELECT t.id, EXISTS (SELECT FROM sla_clocks AS s WHERE s.agency_id = t.agency_id AND s.ticket_id = t.id
                             AND s.stopped_at IS NULL) AS promised
      FROM tickets AS t WHERE t.status IN ('resolved', 'closed', 'cancelled', 'rejected')) AS looked;

-- A ticket is about an account, and a location of that account, that are known here.
-- name: copies_consistent
SELECT 'tickets' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT known) AS wrong,
       min(id::text) FILTER (WHERE NOT known) AS example
FROM (SELECT t.id, a.id IS NOT NULL AND (t.location_id IS NULL OR l.account_id IS NOT NULL) AS known
      FROM tickets AS t
      LEFT JOIN accounts AS a ON a.agency_id = t.agency_id AND a.id = t.account_id
      LEFT JOIN locations AS l ON l.agency_id = t.agency_id AND l.id = t.location_id) AS looked;
