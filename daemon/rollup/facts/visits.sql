-- Conversations by the day of the one before it that their contact had, with whomever it was, counted where they were created: how
-- many of a window follow none of the same window is how many contacts it has, each once. The key is that day of UTC, in days
-- since 1970; no key, there was none. Those of no contact are nobody's. Of conversations of one instant the one with the lesser
-- id is before. Contacts of several agents are the company's: only owner and admin see them.
--
-- fact: visits
-- clock: created
-- touched_by: conversation, contact
-- columns: came count
-- settings: none
-- next_due: none
SELECT
  c.created_at AS at,
  NULL::text AS agent,
  before.day::text AS key,
  true AS came
FROM conversations c
LEFT JOIN LATERAL (
  SELECT floor(extract(EPOCH FROM earlier.created_at) / 86400)::bigint AS day
  FROM conversations earlier
  WHERE earlier.contact_id = c.contact_id
    AND earlier.created_at > '-infinity'
    AND earlier.created_at <= c.created_at
    AND (earlier.created_at, earlier.conversation_id) < (c.created_at, c.conversation_id)
  ORDER BY earlier.created_at DESC
  LIMIT 1
) before ON true
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND c.contact_id IS NOT NULL
  AND :agents IS NULL
