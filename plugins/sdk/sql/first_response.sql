-- The first response in conversation c, as known at known.at (which the statement gives):
--   asked.at       the customer's first message
--   reply.at       the first human reply at or after it
--   charged.since  where the wait begins: at that message, or at the hand-off from the bot if it came later
LEFT JOIN LATERAL (
  SELECT m.created_at AS at
  FROM messages m
  WHERE m.conversation_id = c.conversation_id
    AND m.direction = 'inbound'
    AND m.created_at <> '-infinity'
    AND m.created_at <= known.at
  ORDER BY m.created_at
  LIMIT 1
) asked ON true
LEFT JOIN LATERAL (
  SELECT m.created_at AS at
  FROM messages m
  WHERE m.conversation_id = c.conversation_id
    AND m.created_at >= asked.at
    AND m.created_at <= known.at
    AND (
      \i human_reply.sql
    )
  ORDER BY m.created_at
  LIMIT 1
) reply ON true
CROSS JOIN LATERAL (
  SELECT greatest(asked.at, CASE WHEN c.escalated_at <= known.at THEN c.escalated_at END) AS since
) charged
