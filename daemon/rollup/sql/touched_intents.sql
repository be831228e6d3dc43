-- When the intents of conversations (:ids) were detected that changed hands.
SELECT DISTINCT i.detected_at::timestamptz AS at, i.conversation_id::text AS part
FROM bot_intents i
WHERE i.conversation_id = ANY (:ids)
  AND i.detected_at > '-infinity'
  AND i.detected_at < 'infinity'
