-- Rows of conversations created between :down_to and :before that are gone; those older than the horizon the CRM prunes.
DELETE FROM conversation_metrics k
WHERE k.created_at >= (:down_to)::timestamp
  AND k.created_at <= (:before)::timestamp
  AND k.created_at >= (:as_of - :rollup_horizon)::timestamp
  AND NOT EXISTS (
    SELECT
    FROM conversations c
    WHERE c.conversation_id = k.conversation_id
      AND c.created_at <= :as_of
  )
