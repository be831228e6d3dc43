-- When the rollup began what, and what waits to be counted. Bound: :most, of messages that are not noted.
SELECT
  s.stepped_at,
  s.counting_since,
  s.feed_since,
  (SELECT count(*) FROM rescans) AS rescans,
  noted.changes + unseen.messages AS changes,
  least(noted.since, CASE WHEN unseen.messages > 0 THEN greatest(unseen.since, s.stepped_at) END) AS since
FROM rollup_state s
CROSS JOIN LATERAL (
  SELECT count(*) AS changes, min(c.noted_at) AS since
  FROM changes c
  WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
) noted
CROSS JOIN (
  SELECT count(*) AS messages, min(u.at) AS since
  FROM (
    \i unseen_messages.sql
  ) u
  WHERE u.at <= :as_of
) unseen
