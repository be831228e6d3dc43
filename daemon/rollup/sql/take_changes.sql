-- Takes the oldest changes out of the queue, and tells each once, with how many there were of it. Messages dated after :as_of,
-- which nothing counts yet, and notes for later stay until their time has come. What has no instant ('infinity') is counted
-- nowhere.
WITH taken AS (
  DELETE FROM changes
  WHERE ctid = ANY (ARRAY(
    SELECT c.ctid
    FROM changes c
    WHERE c.at IS NULL OR c.at <= :as_of OR c.at = 'infinity' OR c.entity NOT IN ('message', 'message_changed', 'later')
    ORDER BY c.seq
    LIMIT :most
  ))
  RETURNING entity, id, CASE WHEN isfinite(at) THEN at END AS at
)
SELECT t.entity, t.id, t.at, count(*) AS changes
FROM taken t
GROUP BY t.entity, t.id, t.at
