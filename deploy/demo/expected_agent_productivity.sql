-- What GET /api/dashboard/agent-productivity and its crm_* families must say, straight from the base tables: the definitions,
-- read once more and written down without the daemon's facts, views or statements.
-- psql variables: from and to (the window, half open), as_of (the answer's instant), since (what counters have counted
-- lies in [since, as_of)), lag (as an interval, how far behind counters of time may be), role, subject (the caller's profile).
WITH clock AS (
  SELECT
    :'from'::timestamptz AT TIME ZONE 'UTC' AS window_start,
    :'to'::timestamptz AT TIME ZONE 'UTC' AS window_end,
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'since'::timestamptz AT TIME ZONE 'UTC' AS since,
    :'lag'::interval AS lag,
    interval '35 days' AS horizon,
    interval '24 hours' AS max_span,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

-- "Every active profile of role agent or supervisor is listed."
listed AS (
  SELECT p.id AS agent, p.full_name AS name
  FROM profiles AS p, clock
  WHERE p.role IN ('agent', 'supervisor') AND p.is_active IS DISTINCT FROM FALSE
    AND (clock.everyone OR p.id IN (SELECT agent FROM visible))
),

-- A conversation's fate ends at the horizon: of those created in the window, what is resolved later was not. A resolution in
-- the window is one however old its conversation is.
my_conversations AS (
  SELECT
    c.id, c.assigned_agent_id AS agent, c.created_at, c.resolved_at,
    c.created_at >= window_start AND c.created_at < window_end AS in_window,
    coalesce(c.resolved_at <= as_of AND c.resolved_at < c.created_at + horizon, FALSE) AS resolved,
    coalesce(c.resolved_at <= as_of, FALSE) AS closed
  FROM conversations AS c, clock
  WHERE c.created_at < as_of AND c.assigned_agent_id IS NOT NULL
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

chats AS (
  SELECT
    agent,
    count(*) FILTER (WHERE in_window) AS handled,
    count(*) FILTER (WHERE in_window AND resolved) AS resolved,
    count(*) FILTER (WHERE NOT closed) AS open,
    count(*) FILTER (WHERE closed AND resolved_at >= window_start AND resolved_at < window_end) AS ended,
    coalesce(sum(extract(epoch FROM resolved_at - created_at))
      FILTER (WHERE closed AND resolved_at >= window_start AND resolved_at < window_end), 0) AS ended_seconds,
    count(*) FILTER (WHERE created_at >= since) AS created_since,
    count(*) FILTER (WHERE closed AND resolved_at >= since) AS ended_since,
    coalesce(sum(extract(epoch FROM resolved_at - created_at)) FILTER (WHERE closed AND resolved_at >= since), 0)
      AS ended_seconds_since
  FROM my_conversations, clock
  GROUP BY 1
),

-- Older ones that nobody may have had when counting began: those whose first human reply has come since.
perhaps_assigned_since AS (
  SELECT c.agent, count(DISTINCT c.id)
  FROM messages AS m
  JOIN my_conversations AS c ON c.id = m.conversation_id
  CROSS JOIN clock
  WHERE m.created_at >= since AND m.created_at < as_of AND m.sender_type = 'agent' AND m.campaign_id IS NULL
    AND c.created_at < since
    AND NOT EXISTS (
      SELECT FROM messages AS e
      WHERE e.conversation_id = c.id AND e.created_at < since AND e.sender_type = 'agent' AND e.campaign_id IS NULL
    )
  GROUP BY 1
),

-- "A span counts at most 24 h"; an open one ends now.
my_spans AS (
  SELECT
    s.id, s.agent_id AS agent, s.status, s.started_at,
    least(coalesce(s.ended_at, as_of), as_of, s.started_at + max_span) AS ends_at,
    s.ended_at IS NULL OR s.ended_at > as_of AS is_open,
    least(coalesce(s.ended_at, as_of), as_of) AS last_at
  FROM agent_activity_logs AS s, clock
  WHERE s.started_at < as_of AND s.agent_id IS NOT NULL
    AND (clock.everyone OR s.agent_id IN (SELECT agent FROM visible))
),

-- "On overlapping spans the latest start wins", at each instant: between two neighbouring edges nothing changes.
edges AS (
  SELECT agent, started_at AS at FROM my_spans, clock WHERE ends_at > least(window_start, since - lag)
  UNION
  SELECT agent, ends_at FROM my_spans, clock WHERE ends_at > least(window_start, since - lag)
),

pieces AS (
  SELECT agent, at AS starts_at, lead(at) OVER (PARTITION BY agent ORDER BY at) AS ends_at FROM edges
),

presence AS (
  SELECT
    p.agent, p.starts_at, p.ends_at,
    (SELECT s.status
      FROM agent_activity_logs AS s
      WHERE s.agent_id = p.agent
        AND s.started_at <= p.starts_at AND s.started_at > p.starts_at - max_span
        AND (s.ended_at IS NULL OR s.ended_at > p.starts_at)
      ORDER BY s.started_at DESC, s.id DESC
      LIMIT 1) AS status
  FROM pieces AS p, clock
  WHERE p.ends_at IS NOT NULL
),

-- Counters of time have counted at least what lies well within, and at most what lies around [since, as_of).
times AS (
  SELECT
    p.agent,
    count(*) AS pieces,
    coalesce(sum(seconds) FILTER (WHERE span = 'window' AND status = 'online'), 0) AS online,
    coalesce(sum(seconds) FILTER (WHERE span = 'window' AND status = 'away'), 0) AS away,
    coalesce(sum(seconds) FILTER (WHERE span = 'inner' AND status = 'online'), 0) AS online_at_least,
    coalesce(sum(seconds) FILTER (WHERE span = 'inner' AND status = 'away'), 0) AS away_at_least,
    coalesce(sum(seconds) FILTER (WHERE span = 'outer' AND status = 'online'), 0) AS online_at_most,
    coalesce(sum(seconds) FILTER (WHERE span = 'outer' AND status = 'away'), 0) AS away_at_most
  FROM presence AS p
  CROSS JOIN clock
  CROSS JOIN LATERAL (VALUES
    ('window', window_start, window_end),
    ('inner', since + lag, as_of - lag),
    ('outer', since - lag, as_of)) AS v (span, starts_at, ends_at)
  CROSS JOIN LATERAL (
    SELECT extract(epoch FROM least(p.ends_at, v.ends_at) - greatest(p.starts_at, v.starts_at)) AS seconds
  ) AS overlap
  WHERE seconds > 0
  GROUP BY 1
),

latest_open AS (
  SELECT DISTINCT ON (agent) agent, status, started_at
  FROM my_spans
  WHERE is_open
  ORDER BY agent, started_at DESC, id DESC
),

last_ended AS (
  SELECT agent, max(last_at) AS at FROM my_spans WHERE NOT is_open GROUP BY 1
),

-- "Of the latest open span, else offline since the last one ended; no span: offline, 0."
agents AS (
  SELECT
    l.agent, l.name,
    coalesce(c.handled, 0) AS handled, coalesce(c.resolved, 0) AS resolved, coalesce(c.open, 0) AS open,
    coalesce(c.ended, 0) AS ended, coalesce(c.ended_seconds, 0) AS ended_seconds,
    coalesce(t.online, 0) AS online, coalesce(t.away, 0) AS away, coalesce(t.pieces, 0) AS pieces,
    CASE WHEN o.status IN ('online', 'away') THEN o.status ELSE 'offline' END AS status,
    coalesce(extract(epoch FROM as_of - coalesce(o.started_at, e.at)), 0) AS status_seconds
  FROM listed AS l
  CROSS JOIN clock
  LEFT JOIN chats AS c ON c.agent = l.agent
  LEFT JOIN times AS t ON t.agent = l.agent
  LEFT JOIN latest_open AS o ON o.agent = l.agent
  LEFT JOIN last_ended AS e ON e.agent = l.agent
),

-- "Agents online or away now by open conversations against the mean of these agents", in whole numbers: a mean is a sum of
-- open ones ÷ agents.
workload AS (
  SELECT
    count(*) FILTER (WHERE 10 * open * agents > 13 * all_open) AS overloaded,
    count(*) FILTER (WHERE 10 * open * agents < 7 * all_open) AS underutilized,
    count(*) FILTER (WHERE 10 * open * agents BETWEEN 7 * all_open AND 13 * all_open) AS balanced
  FROM (
    SELECT open, count(*) OVER () AS agents, sum(open) OVER () AS all_open FROM agents WHERE status <> 'offline'
  ) AS present
),

-- Of everybody, also of those who are not listed.
since_the_start AS (
  SELECT
    agent,
    coalesce(c.open, 0) AS open,
    coalesce(c.created_since, 0) AS chats,
    coalesce(c.created_since, 0) + coalesce(p.count, 0) AS chats_at_most,
    coalesce(c.ended_since, 0) AS ended, coalesce(c.ended_seconds_since, 0) AS ended_seconds,
    coalesce(t.online_at_least, 0) AS online_at_least, coalesce(t.online_at_most, 0) AS online_at_most,
    coalesce(t.away_at_least, 0) AS away_at_least, coalesce(t.away_at_most, 0) AS away_at_most
  FROM chats AS c
  FULL JOIN times AS t USING (agent)
  LEFT JOIN perhaps_assigned_since AS p USING (agent)
)

SELECT json_build_object(
  'agents', (SELECT coalesce(json_agg(row_to_json(a) ORDER BY handled DESC, name COLLATE "C", agent), '[]') FROM agents AS a),
  'workload', (SELECT row_to_json(w) FROM workload AS w),
  'since', (SELECT coalesce(json_agg(row_to_json(s)), '[]') FROM since_the_start AS s));
