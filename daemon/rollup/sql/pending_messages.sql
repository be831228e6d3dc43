-- Outbound messages that wait to be sent at :as_of, and since when the oldest does: the queue of a CRM that has no other.
-- A timestamp knows better than the word; what has waited since before :since is a forgotten one.
SELECT
  count(*) AS depth,
  min(m.created_at)::timestamptz AS oldest
FROM messages m
WHERE m.delivery_status = 'pending'
  AND m.created_at >= :since
  AND m.created_at <= :as_of
  AND m.direction = 'outbound'
  AND m.sent_at IS NULL
  AND m.delivered_at IS NULL
  AND m.read_at IS NULL
  AND m.failed_at IS NULL
