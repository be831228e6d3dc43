-- Rows of contact_visits of conversations (:ids) that came, went or changed hands, as they are now; and of all others of their
-- contacts, and of :contacts, who lost one, whose first conversation is another one now. What is older than the horizon and
-- gone the CRM has pruned: it stays, and still is its contact's first. Those others are looked up contact by contact and named by
-- where they lie: joined, the planner would read all of the table for some thousands.
WITH was AS MATERIALIZED (
  SELECT v.conversation_id, v.contact_id, v.created_at
  FROM contact_visits v
  WHERE v.conversation_id = ANY (:ids)
),
shall AS MATERIALIZED (
  SELECT c.conversation_id, c.contact_id, c.agent_id, c.created_at::timestamptz AS created_at
  FROM conversations c
  WHERE c.conversation_id = ANY (:ids)
    AND c.contact_id IS NOT NULL
    AND c.created_at > '-infinity'
    AND c.created_at < 'infinity'
),
gone AS MATERIALIZED (
  SELECT w.conversation_id
  FROM was w
  LEFT JOIN shall s ON s.conversation_id = w.conversation_id
  WHERE s.agent_id IS NULL
    AND (s.conversation_id IS NOT NULL OR w.created_at >= :as_of - :rollup_horizon)
),
firsts AS MATERIALIZED (
  SELECT contacts.contact_id, least(theirs.at, kept.at) AS at
  FROM (
    SELECT w.contact_id FROM was w
    UNION
    SELECT s.contact_id FROM shall s
    UNION
    SELECT lost.contact_id FROM unnest(:contacts) lost (contact_id)
  ) contacts
  CROSS JOIN LATERAL (
    SELECT (
      SELECT c.created_at::timestamptz
      FROM conversations c
      WHERE c.contact_id = contacts.contact_id
        AND c.created_at > '-infinity'
      ORDER BY c.created_at
      LIMIT 1
    ) AS at
  ) theirs
  CROSS JOIN LATERAL (
    SELECT min(k.created_at) AS at
    FROM contact_visits k
    WHERE k.contact_id = contacts.contact_id
      AND k.conversation_id NOT IN (SELECT s.conversation_id FROM shall s)
      AND k.conversation_id NOT IN (SELECT g.conversation_id FROM gone g)
  ) kept
),
removed AS (
  DELETE FROM contact_visits v
  USING gone g
  WHERE v.conversation_id = g.conversation_id
),
put AS (
  INSERT INTO contact_visits AS v (conversation_id, contact_id, agent_id, created_at, first_at)
  SELECT s.conversation_id, s.contact_id, s.agent_id, s.created_at, f.at
  FROM shall s
  JOIN firsts f ON f.contact_id = s.contact_id
  WHERE s.agent_id IS NOT NULL
  ON CONFLICT (conversation_id) DO UPDATE SET
    contact_id = excluded.contact_id,
    agent_id = excluded.agent_id,
    created_at = excluded.created_at,
    first_at = excluded.first_at
  WHERE (v.contact_id, v.agent_id, v.created_at, v.first_at)
    IS DISTINCT FROM (excluded.contact_id, excluded.agent_id, excluded.created_at, excluded.first_at)
)
UPDATE contact_visits v
SET first_at = (SELECT f.at FROM firsts f WHERE f.contact_id = v.contact_id)
WHERE v.ctid = ANY (ARRAY(
  SELECT other.ctid
  FROM firsts f
  CROSS JOIN LATERAL (
    SELECT o.ctid
    FROM contact_visits o
    WHERE o.contact_id = f.contact_id
      AND o.first_at <> f.at
      AND o.conversation_id NOT IN (SELECT s.conversation_id FROM shall s)
      AND o.conversation_id NOT IN (SELECT g.conversation_id FROM gone g)
    OFFSET 0
  ) other
))
