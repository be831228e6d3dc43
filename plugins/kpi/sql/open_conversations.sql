-- Conversations open now (:as_of) and at :before. One pass over those that are open now or were resolved since :before.
-- The open ones have no resolved_at to be read: their partial index answers alone.
SELECT
  count(*) FILTER (WHERE o.resolved_at IS NULL OR o.resolved_at > :as_of) AS now,
  count(*) FILTER (WHERE o.created_at <= :before) AS before
FROM (
  SELECT c.created_at, NULL AS resolved_at
  FROM conversations c
  WHERE c.resolved_at IS NULL
    AND c.created_at <= :as_of
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
  UNION ALL
  SELECT c.created_at, c.resolved_at
  FROM conversations c
  WHERE c.resolved_at > :before
    AND c.created_at <= :as_of
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
) o
