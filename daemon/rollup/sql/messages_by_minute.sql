-- Outbound messages that left the queue in each of :minutes (the last one runs until :as_of), sent and failed, of those
-- created since :since. Fates are those of the fact `messages`; sent happens at sent_at, failed at failed_at, else at
-- created_at.
SELECT
  width_bucket(gone.at::timestamptz, :minutes) AS minute,
  count(*) FILTER (WHERE NOT gone.failed) AS sent,
  count(*) FILTER (WHERE gone.failed) AS failed
FROM (
  SELECT
    fate.failed,
    CASE
      WHEN fate.failed AND m.failed_at IS NOT NULL THEN m.failed_at
      WHEN NOT fate.failed AND m.sent_at IS NOT NULL THEN m.sent_at
      ELSE m.created_at
    END AS at
  FROM messages m
  CROSS JOIN LATERAL (SELECT coalesce(m.delivery_status, '') AS word) known
  CROSS JOIN LATERAL (
    SELECT m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL OR known.word IN ('delivered', 'read') AS delivered
  ) arrived
  CROSS JOIN LATERAL (
    SELECT NOT arrived.delivered AND (m.failed_at IS NOT NULL OR known.word = 'failed') AS failed
  ) fate
  WHERE m.created_at >= :since
    AND m.created_at <= :as_of
    AND m.direction = 'outbound'
    AND (arrived.delivered OR fate.failed OR m.sent_at IS NOT NULL OR known.word = 'sent')
) gone
WHERE gone.at <= :as_of
  AND gone.at >= :first_minute
GROUP BY 1
ORDER BY 1
