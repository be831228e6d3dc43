-- When conversations (:ids) that were resolved or reopened were created.
SELECT c.created_at::timestamptz AS at, c.conversation_id::text AS part
FROM conversations c
WHERE c.conversation_id = ANY (:ids)
  AND c.created_at > '-infinity'
  AND c.created_at < 'infinity'
