-- Every active profile of role agent or supervisor that the scope may see.
SELECT a.agent_id::text AS agent, a.agent_name AS name
FROM agents a
WHERE a.role IN ('agent', 'supervisor')
  AND a.is_active IS NOT FALSE
  AND (:agents IS NULL OR a.agent_id = ANY (:agents))
