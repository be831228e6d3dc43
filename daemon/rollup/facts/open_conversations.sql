-- Conversations that are open now, counted where they were created. One whose resolution is dated after :as_of is not among
-- them.
--
-- fact: open_conversations
-- clock: created
-- state: now
-- touched_by: conversation, outcome
-- columns: open count
-- settings: none
-- next_due: none
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  true AS open
FROM conversations c
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND c.resolved_at IS NULL
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
