-- Presence words of the spans that began since yesterday, and how many have each.
SELECT 'status' AS column, s.status AS word, count(*) AS rows
FROM agent_status s
WHERE s.started_at >= :as_of - interval '1 day'
  AND s.started_at <= :as_of
GROUP BY 2
ORDER BY 3 DESC, 2
LIMIT 50
