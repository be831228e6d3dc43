-- Conversations whose rows of conversation_metrics are to be derived, the newest first: those before :before (and :before_id),
-- down to :down_to.
SELECT c.conversation_id::text AS id, c.created_at::timestamptz::text AS at
FROM conversations c
WHERE c.created_at <= :before
  AND (c.created_at < :before OR c.conversation_id < :before_id)
  AND c.created_at >= :down_to
ORDER BY c.created_at DESC, c.conversation_id DESC
LIMIT :most
