-- Messages of both directions, counted where they were created, each with the fate that it has met by :as_of.
-- A timestamp decides by its instant; the status word decides only where no timestamp speaks. What was delivered did not
-- fail, and each fate includes those before it: sent ≥ delivered ≥ read and sent ≥ delivered + failed.
--
-- fact: messages
-- clock: created
-- entity: message
-- columns: inbound count, outbound count, sent count, delivered count, read count, failed count
-- settings: rollup.horizon
-- next_due: none
SELECT
  m.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  m.direction = 'inbound' AS inbound,
  m.direction = 'outbound' AS outbound,
  m.direction = 'outbound' AND left_queue.reached AS sent,
  m.direction = 'outbound' AND delivered.reached AS delivered,
  m.direction = 'outbound' AND read.reached AS read,
  m.direction = 'outbound' AND failed.reached AS failed
FROM messages m
LEFT JOIN conversations c ON c.conversation_id = m.conversation_id
CROSS JOIN LATERAL (SELECT least(:as_of, m.created_at + :rollup_horizon) AS at, coalesce(m.delivery_status, '') AS word) known
CROSS JOIN LATERAL (
  SELECT CASE WHEN m.read_at IS NOT NULL THEN m.read_at <= known.at ELSE known.word = 'read' END AS reached
) read
CROSS JOIN LATERAL (
  SELECT
    read.reached
    OR CASE
      WHEN m.delivered_at IS NOT NULL THEN m.delivered_at <= known.at
      WHEN m.read_at IS NOT NULL THEN false
      ELSE known.word IN ('delivered', 'read')
    END AS reached
) delivered
CROSS JOIN LATERAL (
  SELECT
    NOT delivered.reached
    AND CASE WHEN m.failed_at IS NOT NULL THEN m.failed_at <= known.at ELSE known.word = 'failed' END AS reached
) failed
CROSS JOIN LATERAL (
  SELECT
    delivered.reached
    OR failed.reached
    OR CASE
      WHEN m.sent_at IS NOT NULL THEN m.sent_at <= known.at
      WHEN m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL OR m.failed_at IS NOT NULL THEN false
      ELSE known.word IN ('sent', 'delivered', 'read', 'failed')
    END AS reached
) left_queue
WHERE m.created_at >= :from
  AND m.created_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
