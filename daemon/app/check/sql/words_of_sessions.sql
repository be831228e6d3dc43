-- States of all WhatsApp sessions, without case, and how many have each.
SELECT 'status' AS column, lower(s.status) AS word, count(*) AS rows
FROM whatsapp_sessions s
GROUP BY 2
ORDER BY 3 DESC, 2
LIMIT 50
