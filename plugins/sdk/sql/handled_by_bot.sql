-- Whether the bot handles conversation c (handled.by_bot): it answered within the SLA target and has not handed it over, so
-- that nobody is late. What the bot takes up after the target has passed stays late. Behind first_response.sql.
CROSS JOIN LATERAL (
  SELECT
    (c.escalated_at IS NULL OR c.escalated_at > known.at)
    AND EXISTS (
      SELECT
      FROM messages m
      WHERE m.conversation_id = c.conversation_id
        AND m.direction = 'outbound'
        AND m.sender_type = 'bot'
        AND m.campaign_id IS NULL
        AND m.created_at <= known.at
        AND m.created_at <= asked.at + :sla_first_response_seconds * interval '1 second'
    ) AS by_bot
) handled
