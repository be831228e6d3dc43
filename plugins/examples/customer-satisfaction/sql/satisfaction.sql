-- Conversations that their customer rated from 1 to 5, counted where they were created: nobody says when a rating was given. A
-- score outside that scale is none.
--
-- fact: satisfaction
-- clock: created
-- touched_by: conversation, rating
-- columns: rated count, satisfied count, score sum, scores histogram(score: 1 2 3 4)
-- settings: none
-- next_due: none
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  true AS rated,
  c.satisfaction_score >= 4 AS satisfied,
  c.satisfaction_score::bigint AS score
FROM conversations c
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND c.satisfaction_score BETWEEN 1 AND 5
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
