-- When the messages were created of campaigns' recipients for whom something may have changed.
--   :won, :won_ats  contacts that became leads or had a ticket resolved, and when: of those within whose window to convert that is
--   :contacts       those who lost a conversation: all of theirs
--   :ids, :ats      messages that came, went or changed, by their conversation: of those within whose window to respond they are;
--                   who spoke is unknown of those in :unsaid
--   :conversations  those that came or moved: as if each of their messages came
-- A second answer within the window changes nothing. Each recipient's message is looked up (OFFSET 0): for some thousands, the
-- planner would rather read all messages.
WITH said AS (
  SELECT c.contact_id, changed.at, true AS unsaid
  FROM unnest(:ids, :ats) AS changed (id, at)
  JOIN conversations c ON c.conversation_id = changed.id
  WHERE changed.id = ANY (:unsaid)
  UNION ALL
  SELECT c.contact_id, changed.at, false
  FROM unnest(:ids, :ats) AS changed (id, at)
  JOIN conversations c ON c.conversation_id = changed.id
  WHERE EXISTS (
    SELECT
    FROM messages m
    WHERE m.conversation_id = changed.id
      AND m.created_at = changed.at
      AND m.direction = 'inbound'
  )
  UNION ALL
  SELECT c.contact_id, m.created_at, false
  FROM conversations c
  JOIN messages m ON m.conversation_id = c.conversation_id
  WHERE c.conversation_id = ANY (:conversations)
    AND m.direction = 'inbound'
)
SELECT m.created_at::timestamptz AS at
FROM campaign_recipients r
CROSS JOIN LATERAL (SELECT k.created_at FROM messages k WHERE k.message_id = r.message_id OFFSET 0) m
WHERE r.contact_id = ANY (:contacts)
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
UNION
SELECT m.created_at::timestamptz AS at
FROM unnest(:won, :won_ats) AS won (contact_id, at)
JOIN campaign_recipients r ON r.contact_id = won.contact_id
CROSS JOIN LATERAL (SELECT k.created_at, k.sent_at FROM messages k WHERE k.message_id = r.message_id OFFSET 0) m
CROSS JOIN LATERAL (SELECT CASE WHEN m.sent_at IS NOT NULL THEN m.sent_at ELSE m.created_at END AS at) begun
WHERE begun.at < won.at
  AND begun.at >= won.at - :campaign_conversion_window
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
UNION
SELECT m.created_at::timestamptz AS at
FROM said
JOIN campaign_recipients r ON r.contact_id = said.contact_id
CROSS JOIN LATERAL (SELECT k.created_at, k.sent_at FROM messages k WHERE k.message_id = r.message_id OFFSET 0) m
CROSS JOIN LATERAL (SELECT CASE WHEN m.sent_at IS NOT NULL THEN m.sent_at ELSE m.created_at END AS at) begun
WHERE begun.at < said.at
  AND begun.at >= said.at - :campaign_response_window
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
  AND (
    said.unsaid
    OR NOT EXISTS (
      SELECT
      FROM conversations c
      JOIN messages earlier ON earlier.conversation_id = c.conversation_id
      WHERE c.contact_id = said.contact_id
        AND earlier.direction = 'inbound'
        AND earlier.created_at > begun.at
        AND earlier.created_at < said.at
    )
  )
