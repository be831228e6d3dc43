-- Profiles whose presence costs nothing here: those who are neither agents nor supervisors. Whoever has no profile any more was
-- paid.
SELECT a.agent_id::text AS agent
FROM agents a
WHERE a.role NOT IN ('agent', 'supervisor')
  AND (:agents IS NULL OR a.agent_id = ANY (:agents))
