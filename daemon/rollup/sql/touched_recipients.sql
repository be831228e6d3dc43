-- When the messages (:ids) of campaigns' recipients were created.
SELECT m.created_at::timestamptz AS at, coalesce(m.conversation_id::text, 'message ' || m.message_id::text) AS part
FROM messages m
WHERE m.message_id = ANY (:ids)
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
