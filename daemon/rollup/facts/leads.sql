-- Contacts that became leads, by the agent who won them.
--
-- fact: leads
-- clock: happened
-- touched_by: lead
-- columns: won count
-- settings: none
-- next_due: none
SELECT
  l.lead_at AS at,
  l.lead_agent_id AS agent,
  NULL::text AS key,
  true AS won
FROM contacts l
WHERE l.lead_at >= :from
  AND l.lead_at < :to
  AND (:agents IS NULL OR l.lead_agent_id = ANY (:agents))
