-- One agent, to try what an agent would see: the first of that role.
SELECT a.agent_id::text AS agent
FROM agents a
WHERE a.role = 'agent'
ORDER BY 1
LIMIT 1
