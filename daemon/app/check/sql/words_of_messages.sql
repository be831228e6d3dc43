-- Words of the messages created since yesterday, and how many have each, in one pass for all three columns.
SELECT
  CASE WHEN grouping(m.direction) = 0 THEN 'direction' WHEN grouping(m.sender_type) = 0 THEN 'sender_type' ELSE 'delivery_status' END AS column,
  CASE WHEN grouping(m.direction) = 0 THEN m.direction WHEN grouping(m.sender_type) = 0 THEN m.sender_type ELSE m.delivery_status END AS word,
  count(*) AS rows
FROM messages m
WHERE m.created_at >= :as_of - interval '1 day'
  AND m.created_at <= :as_of
GROUP BY GROUPING SETS ((m.direction), (m.sender_type), (m.delivery_status))
ORDER BY 3 DESC, 1, 2
LIMIT 150
