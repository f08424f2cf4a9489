-- What must hold of messages and deliveries at any moment (runtime/operations/verify.h); each sees the agencies of a
-- slice.

-- A mail that is not through has a timer: its next attempt, the end of its lease or of quiet hours. That timers fire is
-- checked of all.
-- name: messages_timed
SELECT 'mails that are not through' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT timed) AS wrong,
       min(id::text) FILTER (WHERE NOT timed) AS example
FROM (SELECT m.id, EXISTS (SELECT FROM runtime.timers AS t
                           WHERE t.kind IN ('notifications.mail', 'notifications.quiet_hours')
                             AND t.agency_id = m.agency_id AND t.subject_id = m.id) AS timed
      FROM messages AS m WHERE m.ended_at IS NULL) AS looked;

-- A lane with something to deliver is due at some time, and no attempt is out longer than its lease. Of a subscription
-- that is paused, disabled or deleted nothing is due.
-- name: lanes_due
SELECT 'lanes with something to deliver' AS what, count(*) AS looked_at, count(*) FILTER (WHERE stuck) AS wrong,
       min(subscription_id::text || ' ' || lane) FILTER (WHERE stuck) AS example
FROM (SELECT l.subscription_id, l.lane,
             l.next_due IS NULL OR l.claimed AND l.next_due < clock_timestamp() - interval '5 minutes'
             OR NOT EXISTS (SELECT FROM runtime.timers AS t WHERE t.kind = 'notifications.webhook'
                              AND t.agency_id = l.agency_id AND t.subject_id = l.subscription_id) AS stuck
      FROM lanes AS l JOIN subscriptions AS s ON s.agency_id = l.agency_id AND s.id = l.subscription_id
      WHERE s.state IN ('active', 'failing') AND s.deleted_at IS NULL
        AND EXISTS (SELECT FROM deliveries AS d WHERE d.agency_id = l.agency_id AND d.ended_at IS NULL
                      AND d.subscription_id = l.subscription_id AND d.lane = l.lane)) AS looked;

-- Nothing of a lane was attempted before what came earlier was through. A replayed delivery, which has had more attempts
-- than it has made since, was through once.
-- name: lanes_ordered
SELECT 'deliveries that wait' AS what, count(*) AS looked_at, count(*) FILTER (WHERE overtaken) AS wrong,
       min(id::text) FILTER (WHERE overtaken) AS example
FROM (SELECT d.id, d.attempts = d.tries AND EXISTS (
                SELECT FROM deliveries AS later
                WHERE later.agency_id = d.agency_id AND later.subscription_id = d.subscription_id
                  AND later.created_at >= d.created_at AND later.lane = d.lane AND later.position > d.position
                  AND later.attempts > 0) AS overtaken
      FROM deliveries AS d WHERE d.ended_at IS NULL) AS looked;

-- What is to be delivered is there.
-- name: bodies_kept
SELECT 'deliveries that wait' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT kept) AS wrong,
       min(id::text) FILTER (WHERE NOT kept) AS example
FROM (SELECT d.id, EXISTS (SELECT FROM webhook_bodies AS b WHERE b.agency_id = d.agency_id
                             AND b.event_id = d.event_id) AS kept
      FROM deliveries AS d WHERE d.ended_at IS NULL) AS looked;
