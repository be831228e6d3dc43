-- The numbers of GET /api/dashboard/whatsapp-performance by straight SQL over the CRM's tables, a statement for each: what the
-- daemon's time is held against. psql variables: from, to (the window) in UTC without a zone; of_messages: the caller's part of
-- messages m, empty for all; and_all: a condition that is true for those who see campaigns.

-- Outbound messages of the window by their fate.
SELECT json_build_object(
  'sent', count(*) FILTER (WHERE m.delivery_status <> 'pending'),
  'delivered', count(*) FILTER (WHERE m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL
    OR m.delivery_status IN ('delivered', 'read')),
  'read', count(*) FILTER (WHERE m.read_at IS NOT NULL OR m.delivery_status = 'read'),
  'failed', count(*) FILTER (WHERE (m.failed_at IS NOT NULL OR m.delivery_status = 'failed')
    AND m.delivered_at IS NULL AND m.read_at IS NULL AND m.delivery_status NOT IN ('delivered', 'read')))
FROM messages m :of_messages
WHERE m.created_at >= :'from' AND m.created_at < :'to' AND m.direction = 'outbound';

-- Recipients of campaigns by the fate of their message.
SELECT json_build_object(
  'recipients', count(*),
  'recipients_delivered', count(*) FILTER (WHERE m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL
    OR m.delivery_status IN ('delivered', 'read')),
  'recipients_failed', count(*) FILTER (WHERE (m.failed_at IS NOT NULL OR m.delivery_status = 'failed')
    AND m.delivered_at IS NULL AND m.read_at IS NULL AND m.delivery_status NOT IN ('delivered', 'read')))
FROM campaign_recipients r
JOIN messages m ON m.id = r.message_id
WHERE m.created_at >= :'from' AND m.created_at < :'to' :and_all;

-- The first page of failed messages.
SELECT json_build_object('page', count(*))
FROM (
  SELECT m.id, m.recipient, m.failed_reason, m.failed_at
  FROM messages m :of_messages
  WHERE m.created_at >= :'from' AND m.created_at < :'to' AND m.direction = 'outbound'
    AND (m.failed_at IS NOT NULL OR m.delivery_status = 'failed')
    AND m.delivered_at IS NULL AND m.read_at IS NULL AND m.delivery_status NOT IN ('delivered', 'read')
  ORDER BY coalesce(m.failed_at, m.created_at) DESC, m.id DESC
  LIMIT 50
) p;

-- Sessions, and what waits in the queue.
SELECT json_build_object('sessions', count(*)) FROM whatsapp_sessions;
SELECT json_build_object('waiting', count(*), 'oldest', min(m.created_at))
FROM messages m
WHERE m.delivery_status = 'pending' AND m.direction = 'outbound'
  AND m.created_at >= :'to'::timestamp - interval '24 hours';
