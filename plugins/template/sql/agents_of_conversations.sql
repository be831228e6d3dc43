-- Agents who have a conversation created in the window: each once, however many he has.
SELECT count(DISTINCT c.agent_id) AS agents
FROM conversations c
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
