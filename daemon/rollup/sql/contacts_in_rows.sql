-- What contacts_of_agents.sql tells, from the CRM's rows alone.
SELECT
  count(*) AS contacts,
  count(*) FILTER (
    WHERE EXISTS (
      SELECT
      FROM conversations earlier
      WHERE earlier.contact_id = came.contact_id
        AND earlier.created_at < :from
        AND earlier.created_at > '-infinity'
    )
  ) AS came_before
FROM (
  SELECT DISTINCT c.contact_id
  FROM conversations c
  WHERE c.created_at >= :from
    AND c.created_at < :to
    AND c.contact_id IS NOT NULL
    AND c.agent_id = ANY (:agents)
) came
