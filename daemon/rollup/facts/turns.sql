-- Customer turns answered by a human, at the moment of the reply, and how long the customer had waited for it.
--
-- fact: turns
-- clock: happened
-- touched_by: reply
-- shares: messages m
-- columns: answered count, response_ms sum, response histogram(response_ms: 15000 30000 60000 120000 300000 600000 900000 1800000 3600000 14400000 43200000 86400000)
-- settings: sla.count_bot_replies
-- next_due: none
WITH chosen AS (
  SELECT DISTINCT m.conversation_id
  FROM messages m
  WHERE m.created_at >= :from
    AND m.created_at < :to
    AND (
      \i human_reply.sql
    )
)
SELECT
  t.at AS at,
  t.agent_id AS agent,
  NULL::text AS key,
  true AS answered,
  t.response_ms,
  t.conversation_id::text AS part
FROM (
  \i answered_turns.sql
) t
WHERE t.at >= :from
