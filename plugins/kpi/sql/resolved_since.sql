-- Conversations resolved since :before: how many of them were open then, and how many still are (a resolution that is dated
-- after :as_of).
SELECT
  count(*) FILTER (WHERE c.resolved_at > :as_of) AS now,
  count(*) FILTER (WHERE c.created_at <= :before) AS before
FROM conversations c
WHERE c.resolved_at > :before
  AND c.created_at <= :as_of
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
