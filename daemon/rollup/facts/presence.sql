-- Milliseconds that agents were online and away, by what agent_status says of each instant. Where spans of an agent's overlap, the
-- one that began last tells; an open span lasts until now; and a span tells of at most :agents_max_span, so that a forgotten
-- one is not a week's work. A span that lies across several of the asked periods (:edges are their beginnings) is cut there.
--
-- fact: presence
-- clock: happened
-- touched_by: presence
-- columns: online_ms sum, away_ms sum
-- settings: agents.max_span
-- next_due: none
WITH spans AS MATERIALIZED (
  SELECT
    s.agent_id,
    s.status,
    greatest(s.started_at, :from) AS at,
    least(s.ended_at, s.started_at + :agents_max_span, :as_of, :to) AS until,
    row_number() OVER began AS nth,
    lead(s.started_at) OVER began AS next_at
  FROM agent_status s
  WHERE s.started_at < :to
    AND s.started_at > :from - :agents_max_span
    AND s.started_at < :as_of
    AND (s.ended_at IS NULL OR (s.ended_at > :from AND s.ended_at > s.started_at))
    AND s.agent_id IS NOT NULL
    AND (:agents IS NULL OR s.agent_id = ANY (:agents))
  WINDOW began AS (PARTITION BY s.agent_id ORDER BY s.started_at, s.ended_at, s.status)
),
told AS (
  SELECT s.agent_id, s.status, s.at, s.until
  FROM spans s
  WHERE s.next_at IS NULL OR s.next_at >= s.until
  UNION ALL
  SELECT s.agent_id, s.status, lower(rest.span), upper(rest.span)
  FROM spans s
  CROSS JOIN LATERAL (
    SELECT unnest(tstzmultirange(tstzrange(s.at, s.until)) - range_agg(tstzrange(later.at, later.until))) AS span
    FROM spans later
    WHERE later.agent_id = s.agent_id
      AND later.nth > s.nth
      AND later.at < s.until
  ) rest
  WHERE s.next_at < s.until
)
SELECT
  piece.at,
  t.agent_id AS agent,
  NULL::text AS key,
  CASE WHEN t.status = 'online' THEN piece.ms ELSE 0 END AS online_ms,
  CASE WHEN t.status = 'away' THEN piece.ms ELSE 0 END AS away_ms
FROM told t
CROSS JOIN LATERAL (
  SELECT greatest(t.at, (:edges)[n]) AS at, least(t.until, (:edges)[n + 1]) AS until
  FROM generate_series(width_bucket(t.at, :edges), width_bucket(t.until, :edges)) n
) cut
-- Whole milliseconds of the clock, not of the piece: however it is cut, the pieces of a span are the span.
CROSS JOIN LATERAL (
  SELECT cut.at, (floor(extract(EPOCH FROM cut.until) * 1000) - floor(extract(EPOCH FROM cut.at) * 1000))::bigint AS ms
) piece
WHERE t.status IN ('online', 'away')
