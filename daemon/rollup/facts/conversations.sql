-- Conversations, counted where they were created, and whether they were resolved by :as_of. A reopening clears resolved_at
-- and so takes the resolution back.
--
-- fact: conversations
-- clock: created
-- touched_by: conversation, outcome
-- columns: created count, resolved count
-- settings: rollup.horizon
-- next_due: due
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  true AS created,
  c.resolved_at IS NOT NULL AND c.resolved_at <= :as_of AND c.resolved_at < c.created_at + :rollup_horizon AS resolved,
  CASE WHEN c.resolved_at > :as_of THEN c.resolved_at END AS due
FROM conversations c
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
