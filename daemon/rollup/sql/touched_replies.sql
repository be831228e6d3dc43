-- The first human reply after each changed message (:ids of conversations, :ats): its turn may begin elsewhere now. A reply
-- of the same instant is touched without being looked for.
SELECT DISTINCT reply.at::timestamptz AS at
FROM unnest(:ids, :ats) AS changed (id, at)
CROSS JOIN LATERAL (
  SELECT m.created_at AS at
  FROM messages m
  WHERE m.conversation_id = changed.id
    AND m.created_at > changed.at
    AND m.created_at < 'infinity'
    AND (
      \i human_reply.sql
    )
  ORDER BY m.created_at
  LIMIT 1
) reply
