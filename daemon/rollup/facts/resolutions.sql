-- Conversations resolved, at the moment of the resolution, and how long they had taken since their creation.
--
-- fact: resolutions
-- clock: happened
-- touched_by: resolution
-- columns: resolved count, resolution_ms sum, resolution histogram(resolution_ms: 300000 900000 1800000 3600000 7200000 14400000 28800000 86400000 172800000 604800000)
-- settings: none
-- next_due: none
SELECT
  c.resolved_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  true AS resolved,
  round(extract(EPOCH FROM greatest(c.resolved_at - c.created_at, '0'::interval)) * 1000)::bigint AS resolution_ms
FROM conversations c
WHERE c.resolved_at >= :from
  AND c.resolved_at < :to
  AND c.created_at > '-infinity'
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
