-- What undelivered.sql counts, for each WhatsApp session, where the CRM knows by which one a message was sent: against the newest delivered
-- one of the same session. A session without a row has nothing that waits.
WITH outbound AS MATERIALIZED (
  SELECT
    m.session_id::text AS session_id,
    m.created_at AS at,
    delivered.reached AS delivered,
    failed.reached AS failed
  FROM messages m
  \i message_fate.sql
  WHERE m.created_at >= :since
    AND m.created_at < :as_of
    AND m.direction = 'outbound'
    AND m.session_id IS NOT NULL
    AND left_queue.reached
),
newest AS (
  SELECT o.session_id, max(o.at) AS at
  FROM outbound o
  WHERE o.delivered
  GROUP BY 1
)
SELECT
  o.session_id,
  count(*) AS waiting,
  min(o.at)::timestamptz AS since
FROM outbound o
LEFT JOIN newest n ON n.session_id = o.session_id
WHERE NOT o.delivered
  AND NOT o.failed
  AND (n.at IS NULL OR o.at > n.at)
GROUP BY 1
