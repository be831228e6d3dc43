-- When conversations (:ids) were created in which a message that came, went or changed (:ats) may tell otherwise now who
-- answered, or whether the customer dropped off: those without a human reply before it; those in which the bot had written
-- within :automation_drop_off_after before it, or later; and those in which a message is not what it was (:unsaid): nobody
-- knows who spoke.
SELECT DISTINCT c.created_at::timestamptz AS at, c.conversation_id::text AS part
FROM (
  SELECT u.id, min(u.at) AS at
  FROM unnest(:ids, :ats) AS u (id, at)
  GROUP BY u.id
) changed
JOIN conversations c ON c.conversation_id = changed.id
WHERE c.created_at > '-infinity'
  AND c.created_at < 'infinity'
  AND (
    c.conversation_id = ANY (:unsaid)
    OR NOT EXISTS (
      SELECT
      FROM messages m
      WHERE m.conversation_id = c.conversation_id
        AND m.created_at < changed.at
        AND m.direction = 'outbound'
        AND m.sender_type = 'agent'
        AND m.campaign_id IS NULL
    )
    OR EXISTS (
      SELECT
      FROM messages m
      WHERE m.conversation_id = c.conversation_id
        AND m.created_at >= changed.at - :automation_drop_off_after
        AND m.direction = 'outbound'
        AND m.sender_type = 'bot'
        AND m.campaign_id IS NULL
    )
  )
