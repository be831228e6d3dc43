-- Messages that wait for a delivery while nothing is delivered: outbound ones created in [:since, :as_of) that left the queue
-- and were created after the newest one that was delivered. While all is well that one is young, and few rows are read.
WITH newest AS MATERIALIZED (
  SELECT m.created_at AS at
  FROM messages m
  \i message_fate.sql
  WHERE m.created_at >= :since
    AND m.created_at < :as_of
    AND m.direction = 'outbound'
    AND delivered.reached
  ORDER BY m.created_at DESC
  LIMIT 1
)
SELECT
  count(*) AS waiting,
  min(m.created_at)::timestamptz AS since
FROM messages m
\i message_fate.sql
WHERE m.created_at > coalesce((SELECT newest.at::timestamptz FROM newest), :since)
  AND m.created_at < :as_of
  AND m.direction = 'outbound'
  AND left_queue.reached
  AND NOT delivered.reached
  AND NOT failed.reached
