-- Changes that wait to be counted, noted or not: in what they touch, what is stored does not hold.
SELECT noted.entity, noted.id, noted.at
FROM (
  SELECT c.entity, c.id, CASE WHEN isfinite(c.at) THEN c.at END AS at
  FROM changes c
  WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
  ORDER BY c.seq
  LIMIT :most
) noted
UNION ALL
SELECT 'message' AS entity, u.conversation_id AS id, u.at
FROM (
  \i unseen_messages.sql
) u
WHERE u.at <= :as_of
