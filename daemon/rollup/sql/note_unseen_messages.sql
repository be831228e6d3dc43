-- Too many for one step: they are noted as a trigger would have, and taken with the others. :seen_from is the state's.
INSERT INTO changes (entity, id, at)
SELECT 'message', w.conversation_id, w.created_at::timestamptz
FROM written_messages w
WHERE w.created_at >= :seen_from
  AND (
    \i not_seen.sql
  )
