-- Messages of both directions, counted where they were created, each with the fate that it has met by :as_of; and those
-- whose sender or delivery status is a word outside the contract (a message without a status says nothing wrong).
--
-- fact: messages
-- clock: created
-- touched_by: message, delivery, agent_message
-- shares: messages m
-- columns: inbound count, outbound count, sent count, delivered count, read count, failed count, unknown_sender count, unknown_status count
-- settings: rollup.horizon
-- next_due: due
SELECT
  m.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  m.direction = 'inbound' AS inbound,
  m.direction = 'outbound' AS outbound,
  m.direction = 'outbound' AND left_queue.reached AS sent,
  m.direction = 'outbound' AND delivered.reached AS delivered,
  m.direction = 'outbound' AND read.reached AS read,
  m.direction = 'outbound' AND failed.reached AS failed,
  coalesce(m.sender_type, '') NOT IN ('customer', 'agent', 'bot', 'system') AS unknown_sender,
  m.direction = 'outbound'
    AND m.delivery_status NOT IN ('pending', 'sent', 'delivered', 'read', 'failed') AS unknown_status,
  known.due AS due,
  coalesce(m.conversation_id::text, 'message ' || m.message_id::text) AS part
FROM messages m
LEFT JOIN conversations c ON c.conversation_id = m.conversation_id
\i message_fate.sql
WHERE m.created_at >= :from
  AND m.created_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
