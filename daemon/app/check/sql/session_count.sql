-- WhatsApp sessions, and how many of them have told when they were last seen.
SELECT count(*) AS sessions, count(s.last_seen) AS seen
FROM whatsapp_sessions s
