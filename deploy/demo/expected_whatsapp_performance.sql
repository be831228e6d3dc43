-- What GET /api/dashboard/whatsapp-performance and its crm_* families must say, straight from the base tables: the
-- definitions, read once more and written down without the daemon's facts, views or statements.
-- psql variables: from and to (the window, half open), as_of (the answer's instant), since (what counters have counted
-- lies in [since, as_of)), role, subject (the caller's profile).
WITH clock AS (
  SELECT
    :'from'::timestamptz AT TIME ZONE 'UTC' AS window_start,
    :'to'::timestamptz AT TIME ZONE 'UTC' AS window_end,
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'since'::timestamptz AT TIME ZONE 'UTC' AS since,
    date_trunc('minute', :'as_of'::timestamptz AT TIME ZONE 'UTC') AS this_minute,
    interval '35 days' AS horizon,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

-- What was sent to customers, in the window, in the last hour or with an event since the start. A message is its conversation's agent's.
my_messages AS (
  SELECT
    m.id, m.campaign_id, m.recipient, m.delivery_status, m.failed_reason,
    m.created_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at,
    m.created_at >= window_start AND m.created_at < window_end AS in_window,
    least(as_of, m.created_at + horizon - interval '1 microsecond') AS last_instant
  FROM messages AS m
  LEFT JOIN conversations AS c ON c.id = m.conversation_id
  CROSS JOIN clock
  WHERE m.direction = 'outbound' AND m.created_at < as_of
    AND (m.created_at >= window_start AND m.created_at < window_end
      OR m.created_at >= as_of - interval '1 hour'
      OR greatest(m.created_at, sent_at, delivered_at, read_at, failed_at) >= since)
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

-- A timestamp decides by its instant; the word decides where no timestamp of that fate is set.
signs AS (
  SELECT
    *,
    coalesce(least(sent_at, delivered_at, read_at, failed_at) <= last_instant,
      delivery_status IN ('sent', 'delivered', 'read', 'failed')) AS left_queue,
    coalesce(least(delivered_at, read_at) <= last_instant, delivery_status IN ('delivered', 'read')) AS arrived,
    coalesce(read_at <= last_instant, delivery_status = 'read') AS was_read,
    coalesce(failed_at <= last_instant, delivery_status = 'failed') AS went_wrong
  FROM my_messages
),

-- "sent ≥ delivered + failed always": what one phone got and another did not has arrived.
fates AS (
  SELECT *, went_wrong AND NOT arrived AS failed, coalesce(failed_at, created_at) AS failed_instant
  FROM signs
),

funnel AS (
  SELECT
    count(*) FILTER (WHERE left_queue) AS sent,
    count(*) FILTER (WHERE arrived) AS delivered,
    count(*) FILTER (WHERE was_read) AS read,
    count(*) FILTER (WHERE failed) AS failed
  FROM fates
  WHERE in_window
),

-- Campaigns are the owner's and the admin's. Who got no message does not count.
broadcasts AS (
  SELECT
    count(*) AS total,
    count(*) FILTER (WHERE f.arrived) AS successful,
    count(*) FILTER (WHERE f.failed) AS failed
  FROM campaign_recipients AS r
  JOIN fates AS f ON f.id = r.message_id
  CROSS JOIN clock
  WHERE f.in_window AND clock.everyone
),

-- "Messages of one instant by id": in time order they are, so the newest first has them the other way round.
failed_messages AS (
  SELECT
    id, coalesce(recipient, '') AS recipient, coalesce(failed_reason, '') AS reason,
    extract(epoch FROM failed_instant) AS at
  FROM fates
  WHERE in_window AND failed
),

-- Everybody sees them. The words are those of "this CRM's service and table"; a word that is not there is disconnected.
sessions AS (
  SELECT
    session_id AS id, coalesce(phone_number, '') AS phone, extract(epoch FROM last_seen) AS seen,
    CASE
      WHEN lower(status) IN ('connected', 'active') THEN 'connected'
      WHEN lower(status) IN ('connecting', 'reconnecting') THEN 'reconnecting'
      ELSE 'disconnected'
    END AS status
  FROM whatsapp_sessions
),

-- "Where there is no Redis, the queue is the CRM's own table: messages with status pending (depth, oldest age) and sent
-- per minute". What waits longer than `queue.table_max_age` is forgotten, not waiting.
waiting AS (
  SELECT count(*) AS waiting, extract(epoch FROM max(as_of - created_at)) AS oldest
  FROM messages AS m, clock
  WHERE direction = 'outbound' AND created_at < as_of AND created_at >= as_of - interval '24 hours'
    AND delivery_status = 'pending' AND num_nonnulls(sent_at, delivered_at, read_at, failed_at) = 0
),

-- "jobs completed during the last full minute": a job either completed or failed, whosever the message.
jobs AS (
  SELECT
    failed_at IS NOT NULL AND least(delivered_at, read_at) IS NULL AS failed,
    coalesce(CASE WHEN least(delivered_at, read_at) IS NULL THEN failed_at END, sent_at) AS ended_at
  FROM messages
  WHERE direction = 'outbound'
),

queue AS (
  SELECT
    (SELECT waiting FROM waiting) AS waiting,
    (SELECT oldest FROM waiting) AS oldest,
    count(*) FILTER (WHERE NOT failed AND ended_at >= this_minute - interval '1 minute' AND ended_at < this_minute) AS rate,
    count(*) FILTER (WHERE NOT failed AND ended_at >= since AND ended_at < as_of) AS completed,
    count(*) FILTER (WHERE failed AND ended_at >= since AND ended_at < as_of) AS failed
  FROM jobs, clock
),

-- "Sent happens at sent_at, else created_at; failed at failed_at, else created_at."
happened AS (
  SELECT e.event, f.campaign_id IS NOT NULL AS is_campaigns, f.failed_reason
  FROM fates AS f
  CROSS JOIN clock
  CROSS JOIN LATERAL (VALUES
    ('created', TRUE, created_at),
    ('sent', left_queue, coalesce(sent_at, created_at)),
    ('delivered', arrived, coalesce(delivered_at, read_at, created_at)),
    ('read', was_read, coalesce(read_at, created_at)),
    ('failed', failed, failed_instant)) AS e (event, is_so, at)
  WHERE e.is_so AND e.at >= since AND e.at < as_of
),

-- "Sent in the last hour after the newest one that was delivered, and neither delivered nor failed."
undelivered AS (
  SELECT count(*) AS messages, coalesce(extract(epoch FROM max(as_of - created_at)), 0) AS seconds
  FROM fates, clock
  WHERE created_at >= as_of - interval '1 hour' AND left_queue AND NOT arrived AND NOT failed
    AND NOT EXISTS (
      SELECT FROM fates AS newer
      WHERE newer.arrived AND newer.created_at >= fates.created_at AND newer.created_at >= as_of - interval '1 hour'
    )
),

failures AS (
  SELECT failed_reason AS reason, count(*)
  FROM happened
  WHERE event = 'failed'
  GROUP BY 1
)

SELECT json_build_object(
  'funnel', (SELECT row_to_json(f) FROM funnel AS f),
  'broadcasts', (SELECT row_to_json(b) FROM broadcasts AS b),
  'failed_messages', (SELECT coalesce(json_agg(row_to_json(f) ORDER BY at DESC, id DESC), '[]') FROM failed_messages AS f),
  'sessions', (SELECT coalesce(json_agg(row_to_json(s) ORDER BY status <> 'connected', seen DESC NULLS LAST, id), '[]')
    FROM sessions AS s),
  'queue', (SELECT row_to_json(q) FROM queue AS q),
  'undelivered', (SELECT row_to_json(u) FROM undelivered AS u),
  'events', (SELECT coalesce(json_object_agg(event, count), '{}')
    FROM (SELECT event, count(*) FROM happened GROUP BY 1) AS e),
  'campaign_events', (SELECT coalesce(json_object_agg(event, count), '{}')
    FROM (SELECT event, count(*) FROM happened WHERE is_campaigns GROUP BY 1) AS e),
  'received', (SELECT count(*) FROM messages AS m, clock
    WHERE m.direction = 'inbound' AND m.created_at >= since AND m.created_at < as_of),
  'failures', (SELECT coalesce(json_agg(row_to_json(f)), '[]') FROM failures AS f));
