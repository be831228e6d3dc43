-- Presence of agents at :as_of: the word of the span that began last of those that are open, and since when; where none is, no
-- word, and when the last one ended. Agents who never had a span are absent.
SELECT
  a.agent_id::text AS agent,
  open.status,
  (CASE WHEN open.since IS NOT NULL THEN open.since ELSE ended.at END)::timestamptz AS since
FROM agents a
LEFT JOIN LATERAL (
  SELECT s.status, s.started_at AS since
  FROM (
    SELECT forever.status, forever.started_at, forever.ended_at
    FROM agent_status forever
    WHERE forever.agent_id = a.agent_id
      AND forever.ended_at IS NULL
    UNION ALL
    SELECT longer.status, longer.started_at, longer.ended_at
    FROM agent_status longer
    WHERE longer.agent_id = a.agent_id
      AND longer.ended_at > :as_of
  ) s
  WHERE s.started_at <= :as_of
  -- Of those that began at once the one that the fact presence takes.
  ORDER BY s.started_at DESC, s.ended_at DESC NULLS FIRST, s.status DESC
  LIMIT 1
) open ON true
LEFT JOIN LATERAL (
  SELECT s.ended_at AS at
  FROM agent_status s
  WHERE open.since IS NULL
    AND s.agent_id = a.agent_id
    AND s.ended_at <= :as_of
    AND s.ended_at > '-infinity'
  ORDER BY s.ended_at DESC
  LIMIT 1
) ended ON true
WHERE (:agents IS NULL OR a.agent_id = ANY (:agents))
  AND (open.since IS NOT NULL OR ended.at IS NOT NULL)
