-- Conversations by whether they are the first that their contact ever had, with whomever it was, counted where they were
-- created. Those of no contact are nobody's. Of conversations of one instant the one with the least id is the first.
--
-- fact: customers
-- clock: created
-- touched_by: conversation, contact
-- columns: first_ever count, again count
-- settings: none
-- next_due: none
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  NOT before.had_one AS first_ever,
  before.had_one AS again
FROM conversations c
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT
    FROM conversations earlier
    WHERE earlier.contact_id = c.contact_id
      AND earlier.created_at <= c.created_at
      AND (earlier.created_at, earlier.conversation_id) < (c.created_at, c.conversation_id)
  ) AS had_one
) before
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND c.contact_id IS NOT NULL
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
