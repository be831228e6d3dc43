-- When the messages were created of campaigns' recipients for whom something may have changed.
--   :won, :won_ats  contacts that became leads or had a ticket resolved, and when: of those within whose window to convert that is
--   :contacts       those who lost a conversation: all of theirs
--   :ids, :ats      messages that came, went or changed, by their conversation: of those whose first answer within the window to
--                   respond is one of them; or all within whose window they are, where who spoke is unknown (:unsaid)
--   :conversations  those that came or moved: as if each of their messages came
-- A second answer within the window changes nothing. Each recipient's message is looked up (OFFSET 0): for some thousands, the
-- planner would rather read all messages. A recipient's first answer is looked for once, however many messages have changed, and
-- only where none came before all of them, in the contact's newest conversations first: most have answered long ago.
WITH talks AS MATERIALIZED (
  SELECT c.conversation_id, c.contact_id
  FROM (SELECT DISTINCT changed.id FROM unnest(:ids) AS changed (id)) one
  JOIN conversations c ON c.conversation_id = one.id
  WHERE c.contact_id IS NOT NULL
),
said AS MATERIALIZED (
  SELECT t.contact_id, changed.at, changed.id = ANY (:unsaid) AS unsaid
  FROM unnest(:ids, :ats) AS changed (id, at)
  JOIN talks t ON t.conversation_id = changed.id
  UNION
  SELECT c.contact_id, m.created_at::timestamptz, false
  FROM unnest(:conversations) AS moved (id)
  JOIN conversations c ON c.conversation_id = moved.id
  JOIN messages m ON m.conversation_id = c.conversation_id
  WHERE c.contact_id IS NOT NULL
    AND m.direction = 'inbound'
),
reached AS MATERIALIZED (
  SELECT said.contact_id, m.created_at, m.part, begun.at AS begun_at, next.at AS next_at, said.last, said.unsaid
  FROM (
    SELECT s.contact_id, min(s.at) AS first, max(s.at) AS last, array_agg(s.at) AS ats, bool_or(s.unsaid) AS unsaid
    FROM said s
    GROUP BY s.contact_id
  ) said
  JOIN campaign_recipients r ON r.contact_id = said.contact_id
  CROSS JOIN LATERAL (SELECT k.created_at, k.sent_at, coalesce(k.conversation_id::text, 'message ' || k.message_id::text) AS part FROM messages k WHERE k.message_id = r.message_id OFFSET 0) m
  CROSS JOIN LATERAL (SELECT CASE WHEN m.sent_at IS NOT NULL THEN m.sent_at ELSE m.created_at END AS at) begun
  CROSS JOIN LATERAL (SELECT min(a.at) AS at FROM unnest(said.ats) AS a (at) WHERE a.at > begun.at) next
  WHERE begun.at < said.last
    AND begun.at >= said.first - :campaign_response_window
    AND m.created_at > '-infinity'
    AND m.created_at < 'infinity'
),
unanswered AS MATERIALIZED (
  SELECT r.*
  FROM reached r
  WHERE r.unsaid
    OR NOT EXISTS (
      SELECT
      FROM (
        SELECT c.conversation_id
        FROM conversations c
        WHERE c.contact_id = r.contact_id
          AND c.created_at < r.next_at
        ORDER BY c.created_at DESC
        OFFSET 0
      ) c
      CROSS JOIN LATERAL (
        SELECT
        FROM messages m
        WHERE m.conversation_id = c.conversation_id
          AND m.direction = 'inbound'
          AND m.created_at > r.begun_at
          AND m.created_at < r.next_at
        LIMIT 1
      ) earlier
    )
),
answered AS MATERIALIZED (
  SELECT r.contact_id, r.created_at, r.part, r.begun_at, answer.at AS answer_at
  FROM unanswered r
  CROSS JOIN LATERAL (
    SELECT min(first.at) AS at
    FROM conversations c
    CROSS JOIN LATERAL (
      SELECT m.created_at AS at
      FROM messages m
      WHERE m.conversation_id = c.conversation_id
        AND m.direction = 'inbound'
        AND m.created_at > r.begun_at
        AND m.created_at <= r.last
      ORDER BY m.created_at
      LIMIT 1
    ) first
    WHERE c.contact_id = r.contact_id
  ) answer
)
SELECT m.created_at::timestamptz AS at, m.part
FROM campaign_recipients r
CROSS JOIN LATERAL (SELECT k.created_at, coalesce(k.conversation_id::text, 'message ' || k.message_id::text) AS part FROM messages k WHERE k.message_id = r.message_id OFFSET 0) m
WHERE r.contact_id = ANY (:contacts)
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
UNION
SELECT m.created_at::timestamptz AS at, m.part
FROM unnest(:won, :won_ats) AS won (contact_id, at)
JOIN campaign_recipients r ON r.contact_id = won.contact_id
CROSS JOIN LATERAL (SELECT k.created_at, k.sent_at, coalesce(k.conversation_id::text, 'message ' || k.message_id::text) AS part FROM messages k WHERE k.message_id = r.message_id OFFSET 0) m
CROSS JOIN LATERAL (SELECT CASE WHEN m.sent_at IS NOT NULL THEN m.sent_at ELSE m.created_at END AS at) begun
WHERE begun.at < won.at
  AND begun.at >= won.at - :campaign_conversion_window
  AND m.created_at > '-infinity'
  AND m.created_at < 'infinity'
UNION
SELECT a.created_at::timestamptz AS at, a.part
FROM answered a
JOIN said ON said.contact_id = a.contact_id
WHERE a.begun_at < said.at
  AND a.begun_at >= said.at - :campaign_response_window
  AND (said.unsaid OR said.at = a.answer_at)
