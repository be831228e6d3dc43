-- Priorities of the tickets that are open, or were created since yesterday, and how many have each.
SELECT 'priority' AS column, o.word, count(*) AS rows
FROM (
  SELECT t.priority AS word
  FROM tickets t
  WHERE t.resolved_at IS NULL
  UNION ALL
  SELECT t.priority AS word
  FROM tickets t
  WHERE t.resolved_at IS NOT NULL
    AND t.created_at >= :as_of - interval '1 day'
) o
GROUP BY 2
ORDER BY 3 DESC, 2
LIMIT 50
