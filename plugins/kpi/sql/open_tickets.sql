-- Tickets open now (:as_of) by priority, and how many of them were open at :before. Words outside the contract come as ''.
SELECT
  CASE WHEN o.priority IN ('low', 'medium', 'high', 'urgent') THEN o.priority ELSE '' END AS priority,
  count(*) FILTER (WHERE o.resolved_at IS NULL OR o.resolved_at > :as_of) AS now,
  count(*) FILTER (WHERE o.created_at <= :before) AS before
FROM (
  SELECT t.priority, t.created_at, NULL AS resolved_at
  FROM tickets t
  WHERE t.resolved_at IS NULL
    AND t.created_at <= :as_of
    AND (:agents IS NULL OR t.agent_id = ANY (:agents))
  UNION ALL
  SELECT t.priority, t.created_at, t.resolved_at
  FROM tickets t
  WHERE t.resolved_at > :before
    AND t.created_at <= :as_of
    AND (:agents IS NULL OR t.agent_id = ANY (:agents))
) o
GROUP BY 1
