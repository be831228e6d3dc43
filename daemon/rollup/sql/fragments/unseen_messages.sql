-- Messages that the last step did not see and that no trigger has noted, the newest first, :most of them.
SELECT w.conversation_id, w.created_at::timestamptz AS at
FROM written_messages w
WHERE (SELECT s.feed_since IS NOT NULL FROM rollup_state s)
  AND w.created_at >= (SELECT s.seen_from FROM rollup_state s)
  AND w.created_at < 'infinity'
  AND (
    \i not_seen.sql
  )
ORDER BY w.created_at DESC
LIMIT :most
