-- The numbers of GET /api/dashboard/conversation-effectiveness by straight SQL over the CRM's tables, a statement for each:
-- what the daemon's time is held against. psql variables: from, to (the window) in UTC without a zone; step and zone: buckets
-- (hour or day) of the business's time zone; of_messages and and_mine: the caller's part of messages m and of conversations c.

-- Conversations per agent, and how many are resolved.
SELECT json_build_object(
  'agents', count(a.assigned_agent_id), 'created', sum(a.created), 'resolved', sum(a.resolved),
  'most', max(a.created) FILTER (WHERE a.assigned_agent_id IS NOT NULL))
FROM (
  SELECT c.assigned_agent_id, p.full_name, count(*) AS created,
    count(*) FILTER (WHERE c.resolved_at < c.created_at + interval '35 days') AS resolved
  FROM conversations c
  LEFT JOIN profiles p ON p.id = c.assigned_agent_id
  WHERE c.created_at >= :'from' AND c.created_at < :'to' :and_mine
  GROUP BY 1, 2
) a;

-- Turns answered in the window, by bucket and agent.
SELECT json_build_object('answered', sum(b.answered), 'response_seconds', sum(b.seconds), 'buckets', count(DISTINCT b.bucket))
FROM (
  SELECT date_trunc(:'step', t.at AT TIME ZONE 'UTC' AT TIME ZONE :'zone') AS bucket, t.agent, count(*) AS answered,
    sum(t.seconds) AS seconds
  FROM (
    SELECT
      line.created_at AS at, line.direction, line.previous, line.agent,
      extract(epoch FROM greatest(interval '0', line.created_at - greatest(line.escalated_at, max(line.created_at)
        FILTER (WHERE line.direction = 'inbound' AND line.previous IS DISTINCT FROM 'inbound')
        OVER (PARTITION BY line.conversation_id ORDER BY line.position)))) AS seconds
    FROM (
      SELECT
        m.conversation_id, m.created_at, m.direction, c.escalated_at, c.assigned_agent_id AS agent,
        lag(m.direction) OVER turns AS previous, row_number() OVER turns AS position
      FROM messages m
      JOIN conversations c ON c.id = m.conversation_id :and_mine
      WHERE m.conversation_id IN (
          SELECT r.conversation_id FROM messages r
          WHERE r.created_at >= :'from' AND r.created_at < :'to' AND r.sender_type = 'agent')
        AND m.created_at < :'to'
        AND (m.direction = 'inbound' OR (m.sender_type = 'agent' AND m.campaign_id IS NULL))
      WINDOW turns AS (PARTITION BY m.conversation_id ORDER BY m.created_at, m.direction = 'outbound', m.id)
    ) line
  ) t
  WHERE t.direction = 'outbound' AND t.previous = 'inbound' AND t.at >= :'from'
  GROUP BY 1, 2
) b;

-- Conversations by whether the first response came within the target of 300 s.
SELECT json_build_object(
  'compliant', count(*) FILTER (WHERE o.replied_at - o.since <= interval '300 s'),
  'breached', count(*) FILTER (WHERE CASE WHEN o.replied_at IS NOT NULL THEN o.replied_at - o.since > interval '300 s'
    ELSE o.since + interval '300 s' < :'to' AND NOT (o.is_bots AND o.answered_by_bot) END))
FROM (
  SELECT
    greatest(asked.at, c.escalated_at) AS since, c.escalated_at IS NULL AS is_bots,
    (SELECT min(m.created_at) FROM messages m WHERE m.conversation_id = c.id AND m.created_at >= asked.at
      AND m.sender_type = 'agent' AND m.campaign_id IS NULL) AS replied_at,
    EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id AND m.sender_type = 'bot'
      AND m.created_at <= asked.at + interval '300 s') AS answered_by_bot
  FROM conversations c
  CROSS JOIN LATERAL (
    SELECT min(m.created_at) AS at FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'inbound'
  ) asked
  WHERE c.created_at >= :'from' AND c.created_at < :'to' :and_mine
) o;
