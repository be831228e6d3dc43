-- The agent of the newest conversation that has one, for a CRM without a view of agents.
SELECT c.agent_id::text AS agent
FROM conversations c
WHERE c.agent_id IS NOT NULL
ORDER BY c.created_at DESC
LIMIT 1
