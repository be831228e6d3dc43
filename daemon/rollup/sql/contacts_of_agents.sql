-- Contacts with a conversation of these agents created in the window, each once, and of those how many had one before it, with
-- whomever it was. Told by contact_visits, but for the contacts of conversations (:waiting) and those (:waiting_contacts) of
-- which a change waits to be taken: they are looked for in the rows.
WITH changed AS MATERIALIZED (
  SELECT c.contact_id
  FROM conversations c
  WHERE c.conversation_id = ANY (:waiting)
    AND c.contact_id IS NOT NULL
  UNION
  SELECT v.contact_id
  FROM contact_visits v
  WHERE v.conversation_id = ANY (:waiting)
  UNION
  SELECT w.contact_id
  FROM unnest(:waiting_contacts) w (contact_id)
)
SELECT
  count(*) AS contacts,
  count(*) FILTER (WHERE came.first_at < :from) AS came_before
FROM (
  SELECT v.contact_id, min(v.first_at) AS first_at
  FROM contact_visits v
  WHERE v.agent_id = ANY (:agents)
    AND v.created_at >= :from
    AND v.created_at < :to
    AND v.contact_id NOT IN (SELECT k.contact_id FROM changed k)
  GROUP BY v.contact_id
  UNION ALL
  SELECT k.contact_id, least(theirs.first_at, pruned.first_at) AS first_at
  FROM changed k
  CROSS JOIN LATERAL (
    SELECT
      min(c.created_at)::timestamptz AS first_at,
      bool_or(c.agent_id = ANY (:agents) AND c.created_at >= :from AND c.created_at < :to) AS came
    FROM conversations c
    WHERE c.contact_id = k.contact_id
      AND c.created_at > '-infinity'
  ) theirs
  CROSS JOIN LATERAL (
    SELECT
      min(v.created_at) AS first_at,
      bool_or(v.agent_id = ANY (:agents) AND v.created_at >= :from AND v.created_at < :to) AS came
    FROM contact_visits v
    WHERE v.contact_id = k.contact_id
      AND v.conversation_id <> ALL (:waiting)
  ) pruned
  WHERE theirs.came
    OR pruned.came
) came
