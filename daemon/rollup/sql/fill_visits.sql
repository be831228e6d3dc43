-- The next conversations whose rows of contact_visits are to be written, those before the ones that it has: :most of them, and
-- all of the last one's instant. Returns since when it has them then; '-infinity': there are no more.
WITH state AS MATERIALIZED (
  SELECT s.visits_from AS before FROM visits_state s
),
reached AS MATERIALIZED (
  SELECT CASE WHEN count(*) < :most THEN '-infinity' ELSE min(next.at) END AS at
  FROM (
    SELECT c.created_at::timestamptz AS at
    FROM conversations c
    WHERE c.created_at < (SELECT before FROM state)
      AND c.created_at > '-infinity'
    ORDER BY c.created_at DESC
    LIMIT :most
  ) next
),
put AS (
  INSERT INTO contact_visits AS v (conversation_id, contact_id, agent_id, created_at, first_at)
  SELECT c.conversation_id, c.contact_id, c.agent_id, c.created_at, least(first.at, kept.at)
  FROM conversations c
  CROSS JOIN LATERAL (
    SELECT earliest.created_at AS at
    FROM conversations earliest
    WHERE earliest.contact_id = c.contact_id
      AND earliest.created_at > '-infinity'
    ORDER BY earliest.created_at
    LIMIT 1
  ) first
  -- Of those that the CRM has pruned.
  CROSS JOIN LATERAL (
    SELECT min(k.created_at) AS at
    FROM contact_visits k
    WHERE k.contact_id = c.contact_id
  ) kept
  WHERE c.created_at >= (SELECT at FROM reached)
    AND c.created_at < (SELECT before FROM state)
    AND c.created_at > '-infinity'
    AND c.contact_id IS NOT NULL
    AND c.agent_id IS NOT NULL
  ON CONFLICT (conversation_id) DO UPDATE SET
    contact_id = excluded.contact_id,
    agent_id = excluded.agent_id,
    created_at = excluded.created_at,
    first_at = excluded.first_at
)
UPDATE visits_state
SET visits_from = reached.at
FROM reached
RETURNING visits_from::text AS visits_from
