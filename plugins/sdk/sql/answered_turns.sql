-- The customer's turns that a human answered before :to, in the conversations of the statement's `chosen`: at, when they were
-- answered, and response_ms, how long the customer had waited. A turn is a run of inbound messages in time order (inbound first
-- among those of one instant); the wait begins at its first message, or at the hand-off by the bot if that came later. Messages
-- of one conversation between two human replies share the number of replies before them: that is the turn.
SELECT
  l.conversation_id,
  l.agent_id,
  max(l.created_at) FILTER (WHERE NOT l.inbound) AS at,
  round(
    extract(EPOCH FROM greatest(
      max(l.created_at) FILTER (WHERE NOT l.inbound)
        - greatest(min(l.created_at) FILTER (WHERE l.inbound), l.escalated_at),
      '0'::interval
    )) * 1000
  )::bigint AS response_ms
FROM (
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
  FROM chosen
  JOIN conversations c ON c.conversation_id = chosen.conversation_id
  JOIN messages m ON m.conversation_id = chosen.conversation_id
  WHERE m.created_at < :to
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
    AND (
      m.direction = 'inbound'
      OR (
        \i human_reply.sql
      )
    )
) l
GROUP BY l.conversation_id, l.agent_id, l.escalated_at, l.turn
HAVING bool_or(l.inbound) AND NOT bool_and(l.inbound)
