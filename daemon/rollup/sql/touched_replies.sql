-- The first human reply after each changed message (:ids of conversations, :ats): its turn may begin elsewhere now. A reply
-- of the same instant is touched without being looked for. What follows the first change of a conversation is read once,
-- however many of its messages have changed.
WITH changed AS MATERIALIZED (
  SELECT DISTINCT u.id, u.at
  FROM unnest(:ids, :ats) AS u (id, at)
)
SELECT DISTINCT reply.at::timestamptz AS at, first.id::text AS part
FROM (
  SELECT c.id, min(c.at) AS at
  FROM changed c
  GROUP BY c.id
) first
CROSS JOIN LATERAL (
  SELECT m.created_at AS at, lag(m.created_at) OVER (ORDER BY m.created_at) AS before
  FROM messages m
  WHERE m.conversation_id = first.id
    AND m.created_at > first.at
    AND m.created_at < 'infinity'
    AND (
      \i human_reply.sql
    )
) reply
WHERE EXISTS (
  SELECT
  FROM changed c
  WHERE c.id = first.id
    AND c.at < reply.at
    AND (reply.before IS NULL OR c.at >= reply.before)
)
