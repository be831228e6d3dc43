-- What GET /api/dashboard/customer-load and its crm_* families must say, straight from the base tables: the definitions, read
-- once more and written down without the daemon's facts, views or statements.
-- psql variables: from and to (the window of newVsReturning and avgWaitTime, half open), chats_from and heatmap_from (where
-- those of these fields begin, which end there, too), peaks_from and peaks_to (the days that say which hours are peaks),
-- hours (the starts of the business hours of all of them, as an array of instants), as_of (the answer's instant), since (what
-- counters have counted lies in [since, as_of)), role, subject (the caller's profile).
-- What is counted by hour is numbered by its place in `hours`: which hour of which day that is, is the calendar's business.
WITH clock AS (
  SELECT
    :'from'::timestamptz AT TIME ZONE 'UTC' AS window_start,
    :'to'::timestamptz AT TIME ZONE 'UTC' AS window_end,
    :'chats_from'::timestamptz AT TIME ZONE 'UTC' AS chats_start,
    :'heatmap_from'::timestamptz AT TIME ZONE 'UTC' AS heatmap_start,
    :'peaks_from'::timestamptz AT TIME ZONE 'UTC' AS peaks_start,
    :'peaks_to'::timestamptz AT TIME ZONE 'UTC' AS peaks_end,
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'since'::timestamptz AT TIME ZONE 'UTC' AS since,
    interval '35 days' AS horizon,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

my_conversations AS (
  SELECT
    c.id, c.contact_id, c.created_at, c.escalated_at,
    width_bucket(c.created_at AT TIME ZONE 'UTC', :'hours'::timestamptz[]) AS hour,
    c.created_at >= window_start AND c.created_at < window_end AS in_window
  FROM conversations AS c, clock
  WHERE c.created_at < as_of
    AND c.created_at >= least(window_start, chats_start, heatmap_start, since)
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

chats AS (
  SELECT hour, count(*) FROM my_conversations, clock
  WHERE created_at >= chats_start AND created_at < window_end
  GROUP BY 1
),

heatmap AS (
  SELECT hour, count(*) FROM my_conversations, clock
  WHERE created_at >= heatmap_start AND created_at < window_end
  GROUP BY 1
),

-- "Auto peaks from the whole company's 28 whole days before today", whoever asks.
company AS (
  SELECT width_bucket(created_at AT TIME ZONE 'UTC', :'hours'::timestamptz[]) AS hour, count(*)
  FROM conversations, clock
  WHERE created_at >= peaks_start AND created_at < peaks_end
  GROUP BY 1
),

-- "New = conversations that are their contact's first ever, company-wide"; of one instant, the first is that of the lower id.
-- "Contacts that are NULL are not counted as customers."
of_customers AS (
  SELECT
    c.contact_id, c.created_at, c.in_window,
    NOT EXISTS (
      SELECT FROM conversations AS e
      WHERE e.contact_id = c.contact_id AND (e.created_at, e.id) < (c.created_at, c.id)
    ) AS is_first
  FROM my_conversations AS c, clock
  WHERE c.contact_id IS NOT NULL AND (c.in_window OR c.created_at >= since)
),

customers AS (
  SELECT count(DISTINCT contact_id) AS all, count(*) FILTER (WHERE is_first) AS new
  FROM of_customers
  WHERE in_window
),

-- "First response time = max(0, first human reply at or after the first inbound message − the later of that message and
-- the hand-off from the bot)"; of one instant, the customer's message is the earlier.
first_asked AS (
  SELECT
    c.id, c.hour, c.escalated_at, least(as_of, c.created_at + horizon) AS ends_at,
    (SELECT min(m.created_at) FROM messages AS m WHERE m.conversation_id = c.id AND m.direction = 'inbound') AS asked_at
  FROM my_conversations AS c, clock
  WHERE c.in_window
),

first_answered AS (
  SELECT
    *,
    (SELECT min(m.created_at) FROM messages AS m
      WHERE m.conversation_id = first_asked.id AND m.created_at >= asked_at AND m.created_at < ends_at
        AND m.direction = 'outbound' AND m.sender_type = 'agent' AND m.campaign_id IS NULL) AS answered_at
  FROM first_asked
),

-- By the hour in which the conversation was created. Those that got no response have not waited.
waits AS (
  SELECT
    hour, count(*),
    sum(extract(epoch FROM greatest(interval '0', answered_at - greatest(asked_at, escalated_at)))) AS seconds
  FROM first_answered
  WHERE answered_at IS NOT NULL
  GROUP BY 1
),

since_the_start AS (
  SELECT count(*) FILTER (WHERE is_first) AS new, count(*) FILTER (WHERE NOT is_first) AS returning
  FROM of_customers, clock
  WHERE created_at >= since
)

SELECT json_build_object(
  'chats', (SELECT coalesce(json_agg(row_to_json(c)), '[]') FROM chats AS c),
  'heatmap', (SELECT coalesce(json_agg(row_to_json(h)), '[]') FROM heatmap AS h),
  'company', (SELECT coalesce(json_agg(row_to_json(c)), '[]') FROM company AS c),
  'customers', (SELECT row_to_json(c) FROM customers AS c),
  'waits', (SELECT coalesce(json_agg(row_to_json(w)), '[]') FROM waits AS w),
  'since', (SELECT row_to_json(s) FROM since_the_start AS s));
