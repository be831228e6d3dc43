-- Roles of all agents, and how many have each.
SELECT 'role' AS column, a.role AS word, count(*) AS rows
FROM agents a
GROUP BY 2
ORDER BY 3 DESC, 2
LIMIT 50
