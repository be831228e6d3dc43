-- Contacts with a conversation created in the window and in the previous one, each once; and of those how many had one before that
-- window, with whomever it was (repeat). For those who do not see all rows: of everybody's, the facts visits and customers tell.
SELECT
  came.previous,
  count(*) AS contacts,
  count(*) FILTER (
    WHERE EXISTS (
      SELECT
      FROM conversations earlier
      WHERE earlier.contact_id = came.contact_id
        AND earlier.created_at < came.since
    )
  ) AS repeat
FROM (
  SELECT DISTINCT false AS previous, :from AS since, c.contact_id
  FROM conversations c
  WHERE c.created_at >= :from
    AND c.created_at < :to
    AND c.contact_id IS NOT NULL
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
  UNION ALL
  SELECT DISTINCT true AS previous, :previous_from AS since, c.contact_id
  FROM conversations c
  WHERE c.created_at >= :previous_from
    AND c.created_at < :previous_to
    AND c.contact_id IS NOT NULL
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
) came
GROUP BY came.previous
