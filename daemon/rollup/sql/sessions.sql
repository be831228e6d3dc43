-- Every WhatsApp session known, as the gateway says; how its words are read is the host's business.
SELECT
  s.session_id::text AS session_id,
  s.phone_number,
  s.status,
  s.last_seen::timestamptz AS last_seen
FROM whatsapp_sessions s
