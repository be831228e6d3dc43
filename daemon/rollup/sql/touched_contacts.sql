-- The conversations that follow, of the same contact, one that came, went or moved: whether they are the contact's first may be
-- another matter now. Of conversations (:ids, :ats), their contact's; and of contacts (:contacts, :contact_ats), who lost one.
SELECT DISTINCT next.at::timestamptz AS at, next.conversation_id::text AS part
FROM (
  SELECT c.contact_id, changed.at, changed.id
  FROM unnest(:ids, :ats) AS changed (id, at)
  JOIN conversations c ON c.conversation_id = changed.id
  UNION ALL
  SELECT lost.contact_id, lost.at, NULL
  FROM unnest(:contacts, :contact_ats) AS lost (contact_id, at)
) changed
CROSS JOIN LATERAL (
  SELECT c.created_at AS at, c.conversation_id
  FROM conversations c
  WHERE c.contact_id = changed.contact_id
    AND c.created_at >= changed.at
    AND c.created_at < 'infinity'
    AND c.conversation_id IS DISTINCT FROM changed.id
  ORDER BY c.created_at
  LIMIT 1
) next
