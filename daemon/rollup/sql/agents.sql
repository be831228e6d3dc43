-- Agents, whose rows they see themselves.
SELECT a.agent_id::text AS id
FROM agents a
ORDER BY 1
