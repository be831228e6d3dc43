-- Conversations that were created or resolved, or in which something was said, since :since.
SELECT m.conversation_id::text AS id
FROM messages m
WHERE m.created_at > :since
  AND m.created_at <= :as_of
  AND m.conversation_id IS NOT NULL
UNION
SELECT c.conversation_id::text AS id
FROM conversations c
WHERE c.created_at > :since
  AND c.created_at <= :as_of
UNION
SELECT c.conversation_id::text AS id
FROM conversations c
WHERE c.resolved_at > :since
  AND c.resolved_at <= :as_of
