-- Outbound messages that failed, counted where they were created, by the error code in their reason: three digits at most,
-- or one of WhatsApp's own (13…, 80…); `other` for any other code, `none` where no code is named. Never free text.
--
-- fact: message_failures
-- clock: created
-- touched_by: message, delivery, agent_message
-- shares: messages m
-- columns: failed count
-- settings: rollup.horizon
-- next_due: due
SELECT
  m.created_at AS at,
  c.agent_id AS agent,
  CASE
    WHEN failure.code IS NULL THEN 'none'
    WHEN failure.code ~ '^([0-9]{1,3}|13[0-9]{4}|80[0-9]{3})$' THEN failure.code
    ELSE 'other'
  END AS key,
  failed.reached AS failed,
  known.due AS due,
  coalesce(m.conversation_id::text, 'message ' || m.message_id::text) AS part
FROM messages m
LEFT JOIN conversations c ON c.conversation_id = m.conversation_id
\i message_fate.sql
\i failure_code.sql
WHERE m.created_at >= :from
  AND m.created_at < :to
  -- Implied by what follows, and what the partial index over failed messages is about.
  AND (m.failed_at IS NOT NULL OR m.delivery_status = 'failed')
  AND m.direction = 'outbound'
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
