-- Tickets resolved, when they were. A reopening clears resolved_at and so takes the resolution back.
--
-- fact: ticket_resolutions
-- clock: happened
-- touched_by: ticket
-- columns: resolved count
-- settings: none
-- next_due: none
SELECT
  t.resolved_at AS at,
  t.agent_id AS agent,
  NULL::text AS key,
  true AS resolved
FROM tickets t
WHERE t.resolved_at >= :from
  AND t.resolved_at < :to
  AND (:agents IS NULL OR t.agent_id = ANY (:agents))
