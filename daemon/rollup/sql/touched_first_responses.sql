-- Conversations (:ids) whose first response may have changed: a message at or before the present one has (:ats), or there
-- is none. `asked`: when they were created; `first_response`: their human replies, one of which it is or was.
WITH changed AS (
  SELECT u.id, min(u.at) AS at
  FROM unnest(:ids, :ats) AS u (id, at)
  GROUP BY u.id
),
unsettled AS (
  SELECT c.conversation_id, c.created_at
  FROM changed
  JOIN conversations c ON c.conversation_id = changed.id
  CROSS JOIN LATERAL (SELECT least(:as_of, c.created_at + :rollup_horizon) AS at) known
  \i first_response.sql
  WHERE c.created_at > '-infinity'
    AND c.created_at < 'infinity'
    AND (reply.at IS NULL OR changed.at <= reply.at)
)
SELECT 'asked' AS touch, u.created_at::timestamptz AS at, u.conversation_id::text AS part
FROM unsettled u
UNION
SELECT 'first_response' AS touch, m.created_at::timestamptz AS at, u.conversation_id::text AS part
FROM unsettled u
JOIN messages m ON m.conversation_id = u.conversation_id
WHERE m.created_at <= u.created_at + :rollup_horizon
  AND (
    \i human_reply.sql
  )
