-- Contacts with a conversation created in the window: each once, however many it had.
SELECT count(*) AS contacts
FROM (
  SELECT DISTINCT c.contact_id
  FROM conversations c
  WHERE c.created_at >= :from
    AND c.created_at < :to
    AND c.contact_id IS NOT NULL
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
) came
