-- What GET /api/dashboard/business-impact and its crm_* families must say, straight from the base tables: the definitions,
-- read once more and written down without the daemon's facts, views or statements.
-- psql variables: from and to (the window, half open), before_from and before_to (the previous period), today, week and month
-- (where these begin), as_of (the answer's instant), since (what counters have counted lies in [since, as_of)), role, subject
-- (the caller's profile).
WITH clock AS (
  SELECT
    :'from'::timestamptz AT TIME ZONE 'UTC' AS window_start,
    :'to'::timestamptz AT TIME ZONE 'UTC' AS window_end,
    :'before_from'::timestamptz AT TIME ZONE 'UTC' AS before_start,
    :'before_to'::timestamptz AT TIME ZONE 'UTC' AS before_end,
    :'today'::timestamptz AT TIME ZONE 'UTC' AS today,
    :'week'::timestamptz AT TIME ZONE 'UTC' AS week,
    :'month'::timestamptz AT TIME ZONE 'UTC' AS month,
    :'as_of'::timestamptz AT TIME ZONE 'UTC' AS as_of,
    :'since'::timestamptz AT TIME ZONE 'UTC' AS since,
    interval '35 days' AS horizon,
    interval '72 hours' AS to_respond,
    interval '14 days' AS to_convert,
    interval '24 hours' AS max_span,
    :'role' IN ('owner', 'admin') AS everyone
),

visible AS (
  SELECT :'subject'::uuid AS agent
  UNION
  SELECT agent_id FROM team_members WHERE :'role' = 'supervisor' AND supervisor_id = :'subject'::uuid
),

-- A lead is whose it says.
leads AS (
  SELECT
    count(*) FILTER (WHERE lead_at >= window_start AND lead_at < window_end) AS now,
    count(*) FILTER (WHERE lead_at >= before_start AND lead_at < before_end) AS before,
    count(*) FILTER (WHERE lead_at >= since) AS since
  FROM contacts, clock
  WHERE lead_at < as_of
    AND (clock.everyone OR lead_agent_id IN (SELECT agent FROM visible))
),

tickets_resolved AS (
  SELECT
    count(*) FILTER (WHERE resolved_at >= today) AS today,
    count(*) FILTER (WHERE resolved_at >= week) AS week,
    count(*) FILTER (WHERE resolved_at >= month) AS month,
    count(*) FILTER (WHERE resolved_at >= since) AS since
  FROM tickets, clock
  WHERE resolved_at < as_of
    AND (clock.everyone OR assigned_agent_id IN (SELECT agent FROM visible))
),

-- "10 newest campaigns of all"; they are the owner's and the admin's.
newest AS (
  SELECT c.id, c.name, c.created_at
  FROM campaigns AS c, clock
  WHERE c.created_at < as_of AND clock.everyone
  ORDER BY c.created_at DESC, c.name COLLATE "C", c.id
  LIMIT 10
),

-- Of these; and, where counters are compared, all of whom something may have become since the start.
recipients AS (
  SELECT campaign_id, contact_id, message_id, converted_at
  FROM campaign_recipients
  WHERE campaign_id IN (SELECT id FROM newest)
  UNION ALL
  SELECT r.campaign_id, r.contact_id, r.message_id, r.converted_at
  FROM campaign_recipients AS r
  JOIN messages AS m ON m.id = r.message_id
  CROSS JOIN clock
  WHERE (SELECT everyone AND since < as_of FROM clock) AND m.created_at >= since - horizon
    AND r.campaign_id NOT IN (SELECT id FROM newest)
),

-- "Recipients whose message left the queue, failed included." A timestamp decides by its instant; the word decides where no
-- timestamp is set.
sent AS (
  SELECT s.*, as_of, since, to_respond, to_convert
  FROM (
    SELECT
      r.campaign_id, r.contact_id, r.converted_at, m.created_at, m.created_at + horizon AS ends_at,
      coalesce(m.sent_at, m.created_at) AS at,
      coalesce(least(m.sent_at, m.delivered_at, m.read_at, m.failed_at),
        CASE WHEN m.delivery_status IN ('sent', 'delivered', 'read', 'failed') THEN m.created_at END) AS left_at
    FROM recipients AS r
    CROSS JOIN clock
    CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = r.message_id LIMIT 1) AS m
  ) AS s
  CROSS JOIN clock
  WHERE s.created_at < as_of AND s.left_at <= as_of AND s.left_at < s.ends_at
),

-- "Responded = with an inbound message within 72 h after theirs", in whosever conversation with that contact.
inbound AS (
  SELECT c.contact_id, m.created_at
  FROM messages AS m
  JOIN conversations AS c ON c.id = m.conversation_id
  CROSS JOIN clock
  WHERE m.direction = 'inbound' AND m.created_at >= (SELECT min(at) FROM sent) AND m.created_at < as_of
),

responses AS (
  SELECT s.campaign_id, s.contact_id, min(m.created_at) AS at
  FROM sent AS s
  JOIN inbound AS m ON m.contact_id = s.contact_id
  WHERE m.created_at > s.at AND m.created_at <= s.at + s.to_respond AND m.created_at < s.ends_at
  GROUP BY 1, 2
),

-- "Converted = marked converted, or become a lead or with a ticket resolved within 14 days after it."
conversions AS (
  SELECT campaign_id, contact_id, min(happened) AS at
  FROM (
    SELECT campaign_id, contact_id, converted_at AS happened, as_of, ends_at FROM sent
    UNION ALL
    SELECT s.campaign_id, s.contact_id, k.lead_at, s.as_of, s.ends_at
    FROM sent AS s
    JOIN contacts AS k ON k.id = s.contact_id
    WHERE k.lead_at > s.at AND k.lead_at <= s.at + s.to_convert
    UNION ALL
    SELECT s.campaign_id, s.contact_id, t.resolved_at, s.as_of, s.ends_at
    FROM sent AS s
    JOIN tickets AS t ON t.contact_id = s.contact_id
    WHERE t.resolved_at > s.at AND t.resolved_at <= s.at + s.to_convert
  ) AS signs
  WHERE happened < as_of AND happened < ends_at
  GROUP BY 1, 2
),

results AS (
  SELECT
    s.campaign_id, s.created_at, s.since, s.as_of, s.created_at >= s.as_of - interval '2 hours' AS is_young,
    s.left_at AS sent_at,
    r.at AS responded_at,
    c.at AS converted_at
  FROM sent AS s
  LEFT JOIN responses AS r USING (campaign_id, contact_id)
  LEFT JOIN conversions AS c USING (campaign_id, contact_id)
),

campaigns_newest AS (
  SELECT
    n.id, n.name, n.created_at,
    count(r.sent_at) AS sent, count(r.responded_at) AS responded, count(r.converted_at) AS converted
  FROM newest AS n
  LEFT JOIN results AS r ON r.campaign_id = n.id
  GROUP BY 1, 2, 3
),

-- Of recipients who were sent to before counting began, too; in young ones, which counters count in every run.
moved AS (
  SELECT
    count(*) FILTER (WHERE sent_at >= since) AS sent,
    count(*) FILTER (WHERE sent_at >= since AND is_young) AS young_sent,
    count(*) FILTER (WHERE greatest(sent_at, responded_at) >= since AND responded_at IS NOT NULL) AS responded,
    count(*) FILTER (WHERE greatest(sent_at, responded_at) >= since AND responded_at IS NOT NULL AND is_young)
      AS young_responded,
    count(*) FILTER (WHERE greatest(sent_at, converted_at) >= since AND converted_at IS NOT NULL) AS converted,
    count(*) FILTER (WHERE greatest(sent_at, converted_at) >= since AND converted_at IS NOT NULL AND is_young)
      AS young_converted
  FROM results
),

my_conversations AS (
  SELECT c.id, c.contact_id, c.created_at, c.resolved_at, c.created_at + horizon AS ends_at
  FROM conversations AS c, clock
  WHERE c.created_at < as_of AND c.created_at >= least(window_start, before_start)
    AND (clock.everyone OR c.assigned_agent_id IN (SELECT agent FROM visible))
),

-- "Contacts with a conversation in the window who had one before it", with whomever that was.
customers AS (
  SELECT
    period,
    count(*) AS all,
    count(*) FILTER (WHERE EXISTS (
      SELECT FROM conversations AS e WHERE e.contact_id = came.contact_id AND e.created_at < came.starts_at
    )) AS repeated
  FROM (
    SELECT DISTINCT v.period, v.starts_at, c.contact_id
    FROM my_conversations AS c
    CROSS JOIN clock
    CROSS JOIN LATERAL (VALUES ('now', window_start, window_end), ('before', before_start, before_end))
      AS v (period, starts_at, ends_at)
    WHERE c.contact_id IS NOT NULL AND c.created_at >= v.starts_at AND c.created_at < v.ends_at
  ) AS came
  GROUP BY 1
),

-- "Handled = conversations of the window with a human reply"; what the bot spared are those it resolved without one.
talks AS (
  SELECT
    c.id,
    coalesce(c.resolved_at <= as_of AND c.resolved_at < c.ends_at, FALSE) AS resolved,
    bool_or(m.sender_type = 'agent') AS has_human,
    bool_or(m.sender_type = 'bot') AS has_bot
  FROM my_conversations AS c
  CROSS JOIN clock
  JOIN messages AS m ON m.conversation_id = c.id
  WHERE c.created_at >= window_start AND c.created_at < window_end
    AND m.direction = 'outbound' AND m.campaign_id IS NULL AND m.created_at < least(as_of, c.ends_at)
  GROUP BY 1, 2
),

handled AS (
  SELECT
    count(*) FILTER (WHERE has_human) AS by_humans,
    count(*) FILTER (WHERE has_bot AND resolved AND NOT has_human) AS by_bots
  FROM talks
),

-- "Hours of the agents and supervisors in scope": owners and admins are not paid for it, somebody whose profile is gone was.
paid_spans AS (
  SELECT
    s.agent_id AS agent, s.started_at,
    least(coalesce(s.ended_at, as_of), as_of, s.started_at + max_span) AS ends_at
  FROM agent_activity_logs AS s, clock
  WHERE s.started_at < window_end AND s.started_at > window_start - max_span AND s.agent_id IS NOT NULL
    AND (clock.everyone OR s.agent_id IN (SELECT agent FROM visible))
    AND s.agent_id NOT IN (SELECT id FROM profiles WHERE role IN ('admin', 'owner'))
),

-- "On overlapping spans the latest start wins", at each instant: between two neighbouring edges nothing changes.
edges AS (
  SELECT agent, started_at AS at FROM paid_spans
  UNION
  SELECT agent, ends_at FROM paid_spans
),

pieces AS (
  SELECT
    agent, greatest(at, window_start) AS starts_at,
    least(lead(at) OVER (PARTITION BY agent ORDER BY at), window_end) AS ends_at
  FROM edges, clock
),

presence AS (
  SELECT
    extract(epoch FROM p.ends_at - p.starts_at) AS seconds,
    (SELECT s.status
      FROM agent_activity_logs AS s
      WHERE s.agent_id = p.agent
        AND s.started_at <= p.starts_at AND s.started_at > p.starts_at - max_span
        AND (s.ended_at IS NULL OR s.ended_at > p.starts_at)
      ORDER BY s.started_at DESC, s.id DESC
      LIMIT 1) AS status
  FROM pieces AS p, clock
  WHERE p.ends_at > p.starts_at
),

paid AS (
  SELECT count(*) AS pieces, coalesce(sum(seconds), 0) AS seconds
  FROM presence
  WHERE status IN ('online', 'away')
)

SELECT json_build_object(
  'leads', (SELECT row_to_json(l) FROM leads AS l),
  'tickets', (SELECT row_to_json(t) FROM tickets_resolved AS t),
  'campaigns', (SELECT coalesce(json_agg(row_to_json(c) ORDER BY created_at DESC, name COLLATE "C", id), '[]')
    FROM campaigns_newest AS c),
  'moved', (SELECT row_to_json(m) FROM moved AS m),
  'customers', (SELECT coalesce(json_object_agg(period, json_build_object('all', "all", 'repeated', repeated)), '{}')
    FROM customers),
  'handled', (SELECT row_to_json(h) FROM handled AS h),
  'paid', (SELECT row_to_json(p) FROM paid AS p));
