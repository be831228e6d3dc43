-- Outbound messages that left the queue in each of :minutes (the last one runs until :as_of), sent and failed, of those
-- created since :since. Fates are those of the fact `messages`; sent happens at sent_at, else at created_at, failed at
-- failed_at, and not before created_at. An index by each of these instants serves.
SELECT
  width_bucket(gone.at::timestamptz, :minutes) AS minute,
  count(*) FILTER (WHERE NOT gone.failed) AS sent,
  count(*) FILTER (WHERE gone.failed) AS failed
FROM (
  SELECT m.sent_at AS at, false AS failed
  FROM messages m
  WHERE m.sent_at >= :first_minute
    AND m.sent_at <= :as_of
    AND m.created_at >= :since
    AND m.created_at <= :as_of
    AND m.direction = 'outbound'
    AND (
      (m.failed_at IS NULL AND coalesce(m.delivery_status, '') <> 'failed')
      OR m.delivered_at IS NOT NULL
      OR m.read_at IS NOT NULL
      OR m.delivery_status IN ('delivered', 'read')
    )
  UNION ALL
  SELECT m.created_at AS at, false AS failed
  FROM messages m
  WHERE m.sent_at IS NULL
    AND m.created_at >= :since
    AND m.created_at >= :first_minute
    AND m.created_at <= :as_of
    AND m.direction = 'outbound'
    AND (
      m.delivered_at IS NOT NULL
      OR m.read_at IS NOT NULL
      OR m.delivery_status IN ('delivered', 'read')
      OR (m.failed_at IS NULL AND m.delivery_status = 'sent')
    )
  UNION ALL
  SELECT happened.at, true AS failed
  FROM messages m
  CROSS JOIN LATERAL (SELECT CASE WHEN m.failed_at > m.created_at THEN m.failed_at ELSE m.created_at END AS at) happened
  WHERE (m.failed_at IS NOT NULL OR m.delivery_status = 'failed')
    AND m.created_at >= :since
    AND m.created_at <= :as_of
    AND m.direction = 'outbound'
    AND m.delivered_at IS NULL
    AND m.read_at IS NULL
    AND (m.delivery_status IS NULL OR m.delivery_status NOT IN ('delivered', 'read'))
    AND happened.at >= :first_minute
    AND happened.at <= :as_of
) gone
GROUP BY 1
ORDER BY 1
