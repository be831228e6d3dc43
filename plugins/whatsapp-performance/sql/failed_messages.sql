-- Failed messages created in the window, newest failure first: one page of them, behind the failure at :after_at of the
-- message :after_id. A failure is dated by failed_at, else by created_at. What counts as failed is the fact messages'.
SELECT
  m.message_id AS id,
  m.recipient,
  failure.code,
  left(m.failed_reason, 500) AS reason,
  happened.at::timestamptz AS at
FROM messages m
LEFT JOIN conversations c ON c.conversation_id = m.conversation_id
\i message_fate.sql
\i failure_code.sql
CROSS JOIN LATERAL (SELECT CASE WHEN m.failed_at IS NOT NULL THEN m.failed_at ELSE m.created_at END AS at) happened
WHERE m.created_at >= :from
  AND m.created_at < :to
  -- Implied by what follows, and what the partial index over failed messages is about.
  AND (m.failed_at IS NOT NULL OR m.delivery_status = 'failed')
  AND m.direction = 'outbound'
  AND failed.reached
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
  AND (happened.at, m.message_id) < (:after_at, :after_id)
ORDER BY happened.at DESC, m.message_id DESC
LIMIT :page_limit
