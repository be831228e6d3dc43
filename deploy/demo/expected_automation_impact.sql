-- What GET /api/dashboard/automation-impact and its crm_* families must say, straight from the base tables: the definitions,
-- read once more and written down without the daemon's facts, views or statements.
-- psql variables: from and to (the window, half open), as_of (the answer's instant), since (what counters have counted
-- lies in [since, as_of)), role, subject (the caller's profile).
WITH clock AS (
  SELECT
    :'from'::timestamptz AT TIME ZONE 'UTC' AS window_start,
    :'to'::timestamptz AT TIME ZONE 'UTC' AS window_end,
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'since'::timestamptz AT TIME ZONE 'UTC' AS since,
    interval '35 days' AS horizon,
    interval '24 hours' AS silence,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

-- Of the window; and, where counters are compared, those of which something may have become since the start.
my_conversations AS (
  SELECT
    c.id, c.created_at, c.escalated_at, c.resolved_at, c.created_at + horizon AS ends_at,
    c.created_at >= window_start AND c.created_at < window_end AS in_window
  FROM conversations AS c, clock
  WHERE c.created_at < as_of
    AND c.created_at >= CASE WHEN since < as_of THEN least(window_start, since - horizon) ELSE window_start END
    AND (c.created_at < window_end OR since < as_of)
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

-- "A human reply is an outbound message of sender type agent that is no campaign message."
my_messages AS (
  SELECT
    m.id, m.conversation_id, m.created_at,
    CASE WHEN m.direction = 'inbound' THEN 'customer' WHEN m.sender_type = 'agent' THEN 'human' ELSE 'bot' END AS speaker
  FROM messages AS m
  JOIN my_conversations AS c ON c.id = m.conversation_id
  CROSS JOIN clock
  WHERE m.created_at < least(as_of, c.ends_at)
    AND (m.direction = 'inbound'
      OR m.direction = 'outbound' AND m.sender_type IN ('agent', 'bot') AND m.campaign_id IS NULL)
),

-- "A bot conversation is one in which a bot message was sent."
speakers AS (
  SELECT
    conversation_id,
    min(created_at) FILTER (WHERE speaker = 'bot') AS bot_at,
    min(created_at) FILTER (WHERE speaker = 'human') AS human_at
  FROM my_messages
  GROUP BY 1
),

-- "A bot conversation drops 24 h after a bot message that no customer message, human, resolution or escalation followed; a
-- later return does not undo it." What the bot said meanwhile is none of these.
bot_messages AS (
  SELECT conversation_id, created_at + silence AS due_at, followed_at
  FROM (
    SELECT
      *,
      min(created_at) FILTER (WHERE speaker <> 'bot')
        OVER (PARTITION BY conversation_id ORDER BY created_at, id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        AS followed_at
    FROM my_messages
    WHERE conversation_id IN (SELECT conversation_id FROM speakers WHERE bot_at IS NOT NULL)
  ) AS m
  CROSS JOIN clock
  WHERE speaker = 'bot'
),

drops AS (
  SELECT DISTINCT c.id
  FROM bot_messages AS b
  JOIN my_conversations AS c ON c.id = b.conversation_id
  CROSS JOIN clock
  WHERE b.due_at <= as_of AND b.due_at < c.ends_at
    AND (b.followed_at IS NULL OR b.followed_at > b.due_at)
    AND (c.resolved_at IS NULL OR c.resolved_at > b.due_at)
    AND (c.escalated_at IS NULL OR c.escalated_at > b.due_at)
),

-- Of each conversation twice: as it was when counting began, and as it is.
stages AS (
  SELECT
    c.id, c.created_at, c.in_window, moment.is_now,
    coalesce(s.bot_at < moment.t, FALSE) AS has_bot,
    coalesce(s.human_at < moment.t, FALSE) AS has_human,
    coalesce(c.escalated_at <= moment.t AND c.escalated_at < c.ends_at, FALSE) AS handed_over,
    coalesce(c.resolved_at <= moment.t AND c.resolved_at < c.ends_at, FALSE) AS resolved
  FROM my_conversations AS c
  CROSS JOIN clock
  CROSS JOIN LATERAL (VALUES (TRUE, clock.as_of), (FALSE, clock.since)) AS moment (is_now, t)
  LEFT JOIN speakers AS s ON s.conversation_id = c.id
  WHERE c.created_at < moment.t
),

outcomes AS (
  SELECT
    *,
    has_bot AND resolved AND NOT has_human AS successful,
    has_bot AND handed_over AS escalated
  FROM stages
),

conversations_of_window AS (
  SELECT
    count(*) FILTER (WHERE has_bot AND NOT has_human AND NOT handed_over) AS chatbot,
    count(*) FILTER (WHERE has_human) AS human,
    count(*) FILTER (WHERE has_bot) AS bot,
    count(*) FILTER (WHERE successful) AS successful,
    count(*) FILTER (WHERE escalated) AS escalated,
    count(*) FILTER (WHERE has_bot AND id IN (SELECT id FROM drops)) AS dropped
  FROM outcomes
  WHERE is_now AND in_window
),

-- Became and ceased to be successful or escalated since counting began; in young ones, which counters count in every run.
moved AS (
  SELECT
    count(*) FILTER (WHERE is_successful AND NOT was_successful) AS successful,
    count(*) FILTER (WHERE is_successful AND NOT was_successful AND is_young) AS young_successful,
    count(*) FILTER (WHERE was_successful AND NOT is_successful) AS no_longer_successful,
    count(*) FILTER (WHERE is_escalated AND NOT was_escalated) AS escalated,
    count(*) FILTER (WHERE is_escalated AND NOT was_escalated AND is_young) AS young_escalated,
    count(*) FILTER (WHERE was_escalated AND NOT is_escalated) AS no_longer_escalated
  FROM (
    SELECT
      new.created_at >= clock.as_of - interval '2 hours' AS is_young,
      new.successful AS is_successful,
      coalesce(old.successful, FALSE) AS was_successful,
      new.escalated AS is_escalated,
      coalesce(old.escalated, FALSE) AS was_escalated
    FROM outcomes AS new
    CROSS JOIN clock
    LEFT JOIN outcomes AS old ON old.id = new.id AND NOT old.is_now
    WHERE new.is_now
  ) AS changes
),

-- What the bot understood is its conversation's agent's.
my_intents AS (
  SELECT i.intent, i.succeeded, i.detected_at
  FROM conversation_intents AS i
  LEFT JOIN conversations AS c ON c.id = i.conversation_id
  CROSS JOIN clock
  WHERE i.detected_at < as_of AND i.detected_at >= least(window_start, since)
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

intents_of_window AS (
  SELECT intent, count(*), count(succeeded) AS decided, count(*) FILTER (WHERE succeeded) AS succeeded
  FROM my_intents, clock
  WHERE detected_at >= window_start AND detected_at < window_end
  GROUP BY 1
),

intents_since AS (
  SELECT
    intent,
    count(*) AS detected,
    count(*) FILTER (WHERE succeeded) AS succeeded,
    count(*) FILTER (WHERE NOT succeeded) AS unsuccessful
  FROM my_intents, clock
  WHERE detected_at >= since
  GROUP BY 1
)

SELECT json_build_object(
  'conversations', (SELECT row_to_json(c) FROM conversations_of_window AS c),
  'intents', (SELECT coalesce(json_agg(row_to_json(i) ORDER BY count DESC, intent COLLATE "C"), '[]')
    FROM intents_of_window AS i),
  'moved', (SELECT row_to_json(m) FROM moved AS m),
  'intents_since', (SELECT coalesce(json_agg(row_to_json(i)), '[]') FROM intents_since AS i));
