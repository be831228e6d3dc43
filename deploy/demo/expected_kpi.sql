-- What GET /api/dashboard/kpi and the crm_* kpi families must say, straight from the base tables: the definitions, read
-- once more and written down without the daemon's facts, views or statements.
-- psql variables: as_of (the answer's instant), midnight (of that business day), before and before_midnight (the same
-- wall-clock times yesterday), role, subject (the caller's profile).
WITH clock AS (
  SELECT
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'midnight'::timestamptz AT TIME ZONE 'UTC' AS midnight,
    :'before'::timestamptz AT TIME ZONE 'UTC' AS before,
    :'before_midnight'::timestamptz AT TIME ZONE 'UTC' AS before_midnight,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

my_conversations AS (
  SELECT c.* FROM conversations AS c, clock
  WHERE clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible)
),

my_tickets AS (
  SELECT t.* FROM tickets AS t, clock
  WHERE clock.everyone OR t.assigned_agent_id IN (SELECT agent FROM visible)
),

-- A message is its conversation's agent's.
my_messages AS (
  SELECT m.*, c.escalated_at
  FROM messages AS m
  LEFT JOIN conversations AS c ON c.id = m.conversation_id
  CROSS JOIN clock
  WHERE clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible)
),

-- Customers and humans only; everything else is as if absent.
dialogue AS (
  SELECT
    conversation_id, created_at, escalated_at, direction,
    lag(direction) OVER turns AS previous,
    row_number() OVER turns AS position
  FROM my_messages
  WHERE conversation_id IS NOT NULL
    AND (direction = 'inbound' OR (direction = 'outbound' AND sender_type = 'agent' AND campaign_id IS NULL))
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
    created_at AS answered_at,
    greatest(0, extract(epoch FROM created_at - greatest(asked_at, escalated_at))) AS seconds
  FROM questions
  WHERE direction = 'outbound' AND previous = 'inbound'
),

responses AS (
  SELECT
    count(*) FILTER (WHERE answered_at >= midnight AND answered_at < as_of) AS today,
    coalesce(sum(seconds) FILTER (WHERE answered_at >= midnight AND answered_at < as_of), 0) AS today_seconds,
    count(*) FILTER (WHERE answered_at >= before_midnight AND answered_at < before) AS yesterday,
    coalesce(sum(seconds) FILTER (WHERE answered_at >= before_midnight AND answered_at < before), 0) AS yesterday_seconds
  FROM answers, clock
),

-- A timestamp decides by its instant; the word decides where no timestamp of that fate is set.
fates AS (
  SELECT
    m.created_at >= midnight AS today,
    coalesce(sent_at <= as_of OR delivered_at <= as_of OR read_at <= as_of OR failed_at <= as_of,
      delivery_status IN ('sent', 'delivered', 'read', 'failed')) AS left_queue,
    coalesce(delivered_at <= as_of, FALSE) OR coalesce(read_at <= as_of, FALSE)
      OR (delivered_at IS NULL AND read_at IS NULL AND delivery_status IN ('delivered', 'read')) AS arrived,
    coalesce(read_at <= as_of, read_at IS NULL AND delivery_status = 'read') AS was_read,
    coalesce(failed_at <= as_of, failed_at IS NULL AND delivery_status = 'failed') AS went_wrong
  FROM my_messages AS m, clock
  WHERE direction = 'outbound'
    AND ((m.created_at >= midnight AND m.created_at < as_of)
      OR (m.created_at >= before_midnight AND m.created_at < before))
),

deliveries AS (
  SELECT
    count(*) FILTER (WHERE today AND left_queue) AS sent,
    count(*) FILTER (WHERE today AND arrived) AS delivered,
    count(*) FILTER (WHERE today AND was_read) AS read,
    count(*) FILTER (WHERE today AND went_wrong AND NOT arrived) AS failed,
    count(*) FILTER (WHERE NOT today AND arrived) AS yesterday_delivered,
    count(*) FILTER (WHERE NOT today AND went_wrong AND NOT arrived) AS yesterday_failed
  FROM fates
),

open_conversations AS (
  SELECT
    count(*) FILTER (WHERE created_at <= as_of AND (resolved_at IS NULL OR resolved_at > as_of)) AS now,
    count(*) FILTER (WHERE created_at <= before AND (resolved_at IS NULL OR resolved_at > before)) AS before
  FROM my_conversations, clock
),

open_tickets AS (
  SELECT
    count(*) FILTER (WHERE open_now) AS now,
    count(*) FILTER (WHERE open_before) AS before,
    count(*) FILTER (WHERE open_now AND priority = 'low') AS low,
    count(*) FILTER (WHERE open_now AND priority = 'high') AS high,
    count(*) FILTER (WHERE open_now AND priority = 'urgent') AS urgent,
    count(*) FILTER (WHERE open_now AND priority NOT IN ('low', 'high', 'urgent')) AS medium
  FROM (
    SELECT
      priority,
      created_at <= as_of AND (resolved_at IS NULL OR resolved_at > as_of) AS open_now,
      created_at <= clock.before AND (resolved_at IS NULL OR resolved_at > clock.before) AS open_before
    FROM my_tickets, clock
  ) AS t
),

volume AS (
  SELECT
    count(*) FILTER (WHERE created_at >= midnight AND created_at < as_of AND direction = 'inbound') AS inbound,
    count(*) FILTER (WHERE created_at >= midnight AND created_at < as_of AND direction = 'outbound') AS outbound,
    count(*) FILTER (WHERE created_at >= before_midnight AND created_at < before) AS yesterday
  FROM my_messages, clock
)

SELECT json_build_object(
  'conversations', (SELECT row_to_json(c) FROM open_conversations AS c),
  'responses', (SELECT row_to_json(r) FROM responses AS r),
  'deliveries', (SELECT row_to_json(d) FROM deliveries AS d),
  'tickets', (SELECT row_to_json(t) FROM open_tickets AS t),
  'messages', (SELECT row_to_json(v) FROM volume AS v));
