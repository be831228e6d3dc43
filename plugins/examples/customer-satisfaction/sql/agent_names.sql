-- Names of the agents whose conversations the scope may see.
SELECT a.agent_id::text AS agent, a.agent_name AS name
FROM agents a
WHERE (:agents IS NULL OR a.agent_id = ANY (:agents))
