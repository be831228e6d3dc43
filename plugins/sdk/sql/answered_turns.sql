-- The customer's turns that a human answered before :to, in the conversations of the statement's `chosen`: at, when they were
-- answered, and response_ms, how long the customer had waited. A turn is a run of inbound messages in time order (inbound first
-- among those of one instant); the wait begins at its first message, or at the hand-off by the bot if that came later. Of the
-- inbound messages and human replies of a conversation, those that another kind precedes begin a turn or answer one: each
-- reply among them is behind the beginning of its turn.
SELECT
  l.conversation_id,
  l.agent_id,
  l.created_at AS at,
  round(
    extract(
      EPOCH FROM greatest(
        l.created_at - greatest(l.began, CASE WHEN l.escalated_at < 'infinity' THEN l.escalated_at END), '0'::interval
      )
    ) * 1000
  )::bigint AS response_ms
FROM (
  SELECT
    k.conversation_id,
    k.agent_id,
    k.escalated_at,
    k.created_at,
    k.inbound,
    lag(k.created_at) OVER (
      PARTITION BY k.conversation_id
      ORDER BY k.created_at, k.inbound DESC, k.message_id
    ) AS began
  FROM (
    SELECT
      c.conversation_id,
      c.agent_id,
      c.escalated_at,
      m.created_at,
      m.message_id,
      m.direction = 'inbound' AS inbound,
      lag(m.direction = 'inbound') OVER (
        PARTITION BY c.conversation_id
        ORDER BY m.created_at, (m.direction = 'inbound') DESC, m.message_id
      ) AS behind_inbound
    FROM chosen
    JOIN conversations c ON c.conversation_id = chosen.conversation_id
    JOIN messages m ON m.conversation_id = chosen.conversation_id
    WHERE m.created_at < :to
      AND m.created_at <> '-infinity'
      AND (:agents IS NULL OR c.agent_id = ANY (:agents))
      AND (
        m.direction = 'inbound'
        OR (
          \i human_reply.sql
        )
      )
  ) k
  WHERE k.inbound IS DISTINCT FROM coalesce(k.behind_inbound, false)
) l
WHERE NOT l.inbound
