-- Outbound messages that wait in the CRM's own table: how many of the last two days, and for how long the oldest has.
SELECT count(*) AS waiting, coalesce(extract(EPOCH FROM :as_of - min(m.created_at)), 0)::bigint AS oldest_seconds
FROM messages m
WHERE m.created_at >= :as_of - interval '2 days'
  AND m.created_at <= :as_of
  AND m.direction = 'outbound'
  AND m.delivery_status = 'pending'
