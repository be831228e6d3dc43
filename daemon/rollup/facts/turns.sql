-- Customer turns answered by a human, at the moment of the reply. A turn is a run of inbound messages in time order (inbound
-- first among those of one instant); the customer waits from its first message, or from the hand-off by the bot if that came
-- later. Messages of one conversation between two human replies share the number of replies before them: that is the turn.
--
-- fact: turns
-- clock: happened
-- touched_by: reply
-- columns: answered count, response_ms sum, response histogram(response_ms: 15000 30000 60000 120000 300000 600000 900000 1800000 3600000 14400000 43200000 86400000)
-- settings: sla.count_bot_replies
-- next_due: none
WITH replied AS (
  SELECT DISTINCT m.conversation_id
  FROM messages m
  WHERE m.created_at >= :from
    AND m.created_at < :to
    AND (
      \i human_reply.sql
    )
),
line AS (
  SELECT
    c.conversation_id,
    c.agent_id,
    c.escalated_at,
    m.created_at,
    m.direction = 'inbound' AS inbound,
    count(*) FILTER (WHERE m.direction = 'outbound') OVER (
      PARTITION BY c.conversation_id
      ORDER BY m.created_at, m.direction = 'inbound' DESC, m.message_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS turn
  FROM replied r
  JOIN conversations c ON c.conversation_id = r.conversation_id
  JOIN messages m ON m.conversation_id = r.conversation_id
  WHERE m.created_at < :to
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
    AND (
      m.direction = 'inbound'
      OR (
        \i human_reply.sql
      )
    )
)
SELECT
  max(l.created_at) FILTER (WHERE NOT l.inbound) AS at,
  l.agent_id AS agent,
  NULL::text AS key,
  true AS answered,
  round(
    extract(EPOCH FROM greatest(
      max(l.created_at) FILTER (WHERE NOT l.inbound)
        - greatest(min(l.created_at) FILTER (WHERE l.inbound), l.escalated_at),
      '0'::interval
    )) * 1000
  )::bigint AS response_ms
FROM line l
GROUP BY l.conversation_id, l.agent_id, l.escalated_at, l.turn
HAVING bool_or(l.inbound) AND max(l.created_at) FILTER (WHERE NOT l.inbound) >= :from
