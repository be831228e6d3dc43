-- What hangs on conversations (:ids) that came, went or changed hands: their messages, replies and resolution.
SELECT 'agent_message' AS touch, m.created_at::timestamptz AS at, m.conversation_id::text AS part
FROM messages m
WHERE m.conversation_id = ANY (:ids)
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
UNION
SELECT t.touch, m.created_at::timestamptz AS at, m.conversation_id::text AS part
FROM messages m
CROSS JOIN (VALUES ('reply'), ('first_response')) t (touch)
WHERE m.conversation_id = ANY (:ids)
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
  AND (
    \i human_reply.sql
  )
UNION
SELECT 'resolution' AS touch, c.resolved_at::timestamptz AS at, c.conversation_id::text AS part
FROM conversations c
WHERE c.conversation_id = ANY (:ids)
  AND c.resolved_at > '-infinity'
  AND c.resolved_at < 'infinity'
