-- When conversations (:ids) that were resolved or reopened were created.
SELECT c.created_at::timestamptz AS at
FROM conversations c
WHERE c.conversation_id = ANY (:ids)
  AND isfinite(c.created_at)
