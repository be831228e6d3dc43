-- What GET /api/dashboard/conversation-effectiveness and its crm_* families must say, straight from the base tables: the
-- definitions, read once more and written down without the daemon's facts, views or statements.
-- psql variables: from and to (the window, half open), as_of (the answer's instant), since (what counters have counted
-- lies in [since, as_of)), buckets (the starts of the business hours or days of the window, as an array of instants),
-- role, subject (the caller's profile).
WITH clock AS (
  SELECT
    :'from'::timestamptz AT TIME ZONE 'UTC' AS window_start,
    :'to'::timestamptz AT TIME ZONE 'UTC' AS window_end,
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'since'::timestamptz AT TIME ZONE 'UTC' AS since,
    interval '300 seconds' AS target,
    interval '35 days' AS horizon,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

-- A conversation's fate ends at the horizon: of those created in the window, what is resolved later was not. A resolution since
-- the start is one however old its conversation is.
my_conversations AS (
  SELECT
    c.id, c.assigned_agent_id AS agent, c.created_at, c.escalated_at, c.resolved_at,
    c.created_at >= window_start AND c.created_at < window_end AS in_window,
    coalesce(c.resolved_at <= as_of AND c.resolved_at < c.created_at + horizon, FALSE) AS resolved,
    coalesce(c.resolved_at <= as_of, FALSE) AS closed
  FROM conversations AS c, clock
  WHERE c.created_at < as_of
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

-- Only of conversations that can matter: of the window, open, or with a message in the window or since the start.
my_messages AS (
  SELECT m.id, m.conversation_id, m.created_at, m.direction, m.sender_type, m.campaign_id
  FROM messages AS m, clock
  WHERE m.created_at < as_of
    AND m.conversation_id IN (
      SELECT id FROM my_conversations WHERE in_window OR NOT closed
      UNION
      SELECT late.conversation_id FROM messages AS late, clock AS c
      WHERE late.created_at >= least(c.window_start, c.since)
        AND late.conversation_id IN (SELECT id FROM my_conversations))
),

-- Customers and humans only; everything else is as if absent.
dialogue AS (
  SELECT
    conversation_id, created_at, direction,
    lag(direction) OVER turns AS previous,
    row_number() OVER turns AS position
  FROM my_messages
  WHERE direction = 'inbound' OR (direction = 'outbound' AND sender_type = 'agent' AND campaign_id IS NULL)
  WINDOW turns AS (PARTITION BY conversation_id ORDER BY created_at, (direction = 'outbound'), id)
),

questions AS (
  SELECT
    *,
    max(created_at) FILTER (WHERE direction = 'inbound' AND previous IS DISTINCT FROM 'inbound')
      OVER (PARTITION BY conversation_id ORDER BY position ROWS UNBOUNDED PRECEDING) AS asked_at
  FROM dialogue
),

answers AS (
  SELECT
    c.agent,
    q.created_at AS answered_at,
    greatest(0, extract(epoch FROM q.created_at - greatest(q.asked_at, c.escalated_at))) AS seconds
  FROM questions AS q
  JOIN my_conversations AS c ON c.id = q.conversation_id
  WHERE q.direction = 'outbound' AND q.previous = 'inbound'
),

answers_of_window AS (
  SELECT * FROM answers, clock WHERE answered_at >= window_start AND answered_at < window_end
),

-- "First response time = max(0, first human reply at or after the first inbound message − the later of that message and
-- the hand-off from the bot)"; of one instant, the customer's message is the earlier.
first_asked AS (
  SELECT m.conversation_id, min(m.created_at) AS asked_at
  FROM my_messages AS m
  JOIN my_conversations AS c ON c.id = m.conversation_id
  CROSS JOIN clock
  WHERE m.direction = 'inbound' AND m.created_at < c.created_at + horizon
  GROUP BY 1
),

first_answered AS (
  SELECT
    a.conversation_id, a.asked_at,
    min(m.created_at) FILTER (WHERE m.sender_type = 'agent') AS answered_at,
    min(m.created_at) FILTER (WHERE m.sender_type = 'bot') AS bot_at
  FROM first_asked AS a
  JOIN my_conversations AS c ON c.id = a.conversation_id
  CROSS JOIN clock
  LEFT JOIN my_messages AS m
    ON m.conversation_id = a.conversation_id AND m.direction = 'outbound' AND m.campaign_id IS NULL
    AND m.created_at >= a.asked_at AND m.created_at < c.created_at + horizon
  GROUP BY 1, 2
),

-- Of each conversation twice: as it was when counting began, and as it is.
stages AS (
  SELECT
    c.id, c.created_at, c.in_window, c.closed, moment.is_now, moment.t,
    CASE WHEN f.asked_at < moment.t THEN f.asked_at END AS asked_at,
    CASE WHEN f.answered_at < moment.t THEN f.answered_at END AS answered_at,
    CASE WHEN f.bot_at < moment.t THEN f.bot_at END AS bot_at,
    CASE WHEN c.escalated_at <= moment.t THEN c.escalated_at END AS escalated_at
  FROM my_conversations AS c
  CROSS JOIN clock
  CROSS JOIN LATERAL (VALUES (TRUE, clock.as_of), (FALSE, clock.since)) AS moment (is_now, t)
  LEFT JOIN first_answered AS f ON f.conversation_id = c.id
  WHERE c.created_at < moment.t
),

-- "compliant when its first response came within the target; non-compliant when it came later or has not come and the
-- target has passed; not counted are those still inside the target, those that the bot resolved or still handles without
-- hand-off, and those in which the customer never wrote". The bot handles what it took up within the target: "late or
-- overdue stays breached even if the bot resolves later".
outcomes AS (
  SELECT
    *,
    extract(epoch FROM greatest(interval '0', answered_at - greatest(asked_at, escalated_at))) AS response_seconds,
    CASE
      WHEN asked_at IS NULL THEN 'silent'
      WHEN answered_at IS NOT NULL AND answered_at - greatest(asked_at, escalated_at) <= target THEN 'compliant'
      WHEN answered_at IS NOT NULL THEN 'late'
      WHEN escalated_at IS NULL AND bot_at <= asked_at + target THEN 'bot'
      WHEN greatest(asked_at, escalated_at) + target < t THEN 'overdue'
      ELSE 'in_time'
    END AS outcome
  FROM stages, clock
),

sla AS (
  SELECT
    count(*) AS created,
    count(*) FILTER (WHERE outcome = 'compliant') AS compliant,
    count(*) FILTER (WHERE outcome IN ('late', 'overdue')) AS breached,
    count(*) FILTER (WHERE outcome = 'in_time') AS in_time,
    count(*) FILTER (WHERE outcome = 'bot') AS bot,
    count(*) FILTER (WHERE outcome = 'silent') AS silent
  FROM outcomes
  WHERE is_now AND in_window
),

waiting AS (
  SELECT
    count(*) FILTER (WHERE outcome = 'in_time') AS in_time,
    count(*) FILTER (WHERE outcome = 'overdue') AS overdue
  FROM outcomes
  WHERE is_now AND NOT closed
),

-- Became and ceased to be compliant or breached since counting began; in young ones, which counters count in every run.
moved AS (
  SELECT
    count(*) FILTER (WHERE is_compliant AND NOT was_compliant) AS compliant,
    count(*) FILTER (WHERE is_compliant AND NOT was_compliant AND is_young) AS young_compliant,
    count(*) FILTER (WHERE was_compliant AND NOT is_compliant) AS no_longer_compliant,
    count(*) FILTER (WHERE is_breached AND NOT was_breached) AS breached,
    count(*) FILTER (WHERE is_breached AND NOT was_breached AND is_young) AS young_breached,
    count(*) FILTER (WHERE was_breached AND NOT is_breached) AS no_longer_breached
  FROM (
    SELECT
      new.created_at >= new.as_of - interval '2 hours' AS is_young,
      new.outcome = 'compliant' AS is_compliant,
      coalesce(old.outcome = 'compliant', FALSE) AS was_compliant,
      new.outcome IN ('late', 'overdue') AS is_breached,
      coalesce(old.outcome IN ('late', 'overdue'), FALSE) AS was_breached
    FROM outcomes AS new
    LEFT JOIN outcomes AS old ON old.id = new.id AND NOT old.is_now
    WHERE new.is_now
  ) AS changes
),

conversations_of_window AS (
  SELECT count(*) FILTER (WHERE resolved) AS resolved, count(*) FILTER (WHERE NOT resolved) AS open
  FROM my_conversations
  WHERE in_window
),

per_agent AS (
  SELECT
    created.agent, coalesce(p.full_name, '') AS name, created.count,
    coalesce(answered.count, 0) AS answered, coalesce(answered.seconds, 0) AS seconds
  FROM (
    SELECT agent, count(*) AS count FROM my_conversations WHERE in_window AND agent IS NOT NULL GROUP BY 1
  ) AS created
  LEFT JOIN (
    SELECT agent, count(*) AS count, sum(seconds) AS seconds FROM answers_of_window GROUP BY 1
  ) AS answered ON answered.agent = created.agent
  LEFT JOIN profiles AS p ON p.id = created.agent
),

over_time AS (
  SELECT
    width_bucket(answered_at AT TIME ZONE 'UTC', :'buckets'::timestamptz[]) AS bucket,
    count(*) AS answered, sum(seconds) AS seconds
  FROM answers_of_window
  GROUP BY 1
),

since_the_start AS (
  SELECT
    (SELECT count(*) FROM my_conversations, clock WHERE created_at >= since) AS created,
    (SELECT coalesce(json_agg(response_seconds), '[]') FROM outcomes
      WHERE is_now AND answered_at >= since) AS first_responses,
    (SELECT coalesce(json_agg(seconds), '[]') FROM answers, clock WHERE answered_at >= since) AS responses,
    (SELECT coalesce(json_agg(extract(epoch FROM resolved_at - created_at)), '[]') FROM my_conversations, clock
      WHERE closed AND resolved_at >= since) AS resolutions
)

SELECT json_build_object(
  'per_agent', (SELECT coalesce(json_agg(row_to_json(a) ORDER BY count DESC, name COLLATE "C", agent), '[]')
    FROM per_agent AS a),
  'over_time', (SELECT coalesce(json_agg(row_to_json(o) ORDER BY bucket), '[]') FROM over_time AS o),
  'sla', (SELECT row_to_json(s) FROM sla AS s),
  'conversations', (SELECT row_to_json(c) FROM conversations_of_window AS c),
  'waiting', (SELECT row_to_json(w) FROM waiting AS w),
  'moved', (SELECT row_to_json(m) FROM moved AS m),
  'since', (SELECT row_to_json(s) FROM since_the_start AS s));
