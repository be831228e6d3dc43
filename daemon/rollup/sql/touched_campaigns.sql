-- When the messages were created of campaigns' recipients for whom something may have changed: all of contacts (:contacts), who
-- became leads, had a ticket resolved or lost a conversation, and of the contacts of :conversations, which came or moved; and
-- those within whose window to respond a message (:ats) came, went or changed, in conversations (:ids).
SELECT m.created_at::timestamptz AS at
FROM campaign_recipients r
JOIN messages m ON m.message_id = r.message_id
WHERE (
    r.contact_id = ANY (:contacts)
    OR r.contact_id = ANY (ARRAY(SELECT c.contact_id FROM conversations c WHERE c.conversation_id = ANY (:conversations)))
  )
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
UNION
SELECT m.created_at::timestamptz AS at
FROM unnest(:ids, :ats) AS changed (id, at)
JOIN conversations c ON c.conversation_id = changed.id
JOIN campaign_recipients r ON r.contact_id = c.contact_id
JOIN messages m ON m.message_id = r.message_id
CROSS JOIN LATERAL (SELECT CASE WHEN m.sent_at IS NOT NULL THEN m.sent_at ELSE m.created_at END AS at) begun
WHERE begun.at < changed.at
  AND begun.at >= changed.at - :campaign_response_window
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
