-- The numbers of GET /api/dashboard/kpi by straight SQL over the CRM's tables, a statement for each: what the daemon's time
-- is held against. psql variables: as_of, from (midnight), before and before_from (the same yesterday), instants in UTC
-- without a zone; of_messages and and_mine: the caller's part of messages m and of conversations or tickets c, empty for all.

-- Conversations open now, and at this time yesterday.
SELECT json_build_object(
  'active', count(*) FILTER (WHERE c.resolved_at IS NULL OR c.resolved_at > :'as_of'),
  'active_before', count(*) FILTER (WHERE c.created_at <= :'before'))
FROM conversations c
WHERE c.created_at <= :'as_of' AND (c.resolved_at IS NULL OR c.resolved_at > :'before') :and_mine;

-- Turns answered today, and yesterday until this time.
SELECT json_build_object(
  'answered', count(*) FILTER (WHERE t.at >= :'from'),
  'response_seconds', sum(t.seconds) FILTER (WHERE t.at >= :'from'),
  'answered_before', count(*) FILTER (WHERE t.at < :'before'))
FROM (
  SELECT
    line.created_at AS at, line.direction, line.previous,
    extract(epoch FROM greatest(interval '0', line.created_at - greatest(line.escalated_at, max(line.created_at)
      FILTER (WHERE line.direction = 'inbound' AND line.previous IS DISTINCT FROM 'inbound')
      OVER (PARTITION BY line.conversation_id ORDER BY line.position)))) AS seconds
  FROM (
    SELECT
      m.conversation_id, m.created_at, m.direction, c.escalated_at,
      lag(m.direction) OVER turns AS previous, row_number() OVER turns AS position
    FROM messages m
    JOIN conversations c ON c.id = m.conversation_id :and_mine
    WHERE m.conversation_id IN (
        SELECT r.conversation_id FROM messages r
        WHERE r.created_at >= :'before_from' AND r.created_at < :'as_of' AND r.sender_type = 'agent')
      AND m.created_at < :'as_of'
      AND (m.direction = 'inbound' OR (m.sender_type = 'agent' AND m.campaign_id IS NULL))
    WINDOW turns AS (PARTITION BY m.conversation_id ORDER BY m.created_at, m.direction = 'outbound', m.id)
  ) line
) t
WHERE t.direction = 'outbound' AND t.previous = 'inbound' AND t.at >= :'before_from'
  AND (t.at >= :'from' OR t.at < :'before');

-- Messages of today and their fate, and of yesterday until this time.
SELECT json_build_object(
  'messages', count(*) FILTER (WHERE m.created_at >= :'from'),
  'messages_before', count(*) FILTER (WHERE m.created_at < :'before'),
  'sent', count(*) FILTER (WHERE m.created_at >= :'from' AND m.direction = 'outbound' AND m.delivery_status <> 'pending'),
  'delivered', count(*) FILTER (WHERE m.created_at >= :'from' AND m.direction = 'outbound'
    AND (m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL OR m.delivery_status IN ('delivered', 'read'))),
  'settled_before', count(*) FILTER (WHERE m.created_at < :'before' AND m.direction = 'outbound'
    AND m.delivery_status IN ('delivered', 'read', 'failed')))
FROM messages m :of_messages
WHERE (m.created_at >= :'from' AND m.created_at < :'as_of')
  OR (m.created_at >= :'before_from' AND m.created_at < :'before');

-- Tickets open now by priority, and at this time yesterday.
SELECT json_build_object(
  'tickets', count(*) FILTER (WHERE c.resolved_at IS NULL OR c.resolved_at > :'as_of'),
  'tickets_urgent', count(*) FILTER (WHERE (c.resolved_at IS NULL OR c.resolved_at > :'as_of') AND c.priority = 'urgent'),
  'tickets_before', count(*) FILTER (WHERE c.created_at <= :'before'))
FROM tickets c
WHERE c.created_at <= :'as_of' AND (c.resolved_at IS NULL OR c.resolved_at > :'before') :and_mine;
