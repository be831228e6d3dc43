-- Contacts with a conversation created in the window, each once, and of those how many had one before it, with whomever it was
-- (repeat); the same of the previous window, which ends no later than this one begins. For those who do not see all rows: of
-- everybody's, the facts visits and customers tell. Each contact's first conversations are looked for once, in the order in which
-- their index has them, which takes half the time.
SELECT
  count(*) FILTER (WHERE came.now) AS contacts,
  count(*) FILTER (WHERE came.now AND (came.previously OR before.had_one)) AS repeat,
  count(*) FILTER (WHERE came.previously) AS contacts_before,
  count(*) FILTER (WHERE came.previously AND before.had_one) AS repeat_before
FROM (
  SELECT c.contact_id, bool_or(c.created_at >= :from) AS now, bool_or(c.created_at < :previous_to) AS previously
  FROM conversations c
  WHERE c.created_at >= :previous_from
    AND c.created_at < :to
    AND (c.created_at >= :from OR c.created_at < :previous_to)
    AND c.contact_id IS NOT NULL
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
  GROUP BY c.contact_id
  ORDER BY c.contact_id
) came
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT
    FROM conversations earlier
    WHERE earlier.contact_id = came.contact_id
      AND earlier.created_at < CASE WHEN came.previously THEN :previous_from ELSE :from END
  ) AS had_one
) before
