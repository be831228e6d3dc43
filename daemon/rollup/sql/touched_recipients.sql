-- When the messages (:ids) of campaigns' recipients were created.
SELECT m.created_at::timestamptz AS at
FROM messages m
WHERE m.message_id = ANY (:ids)
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
