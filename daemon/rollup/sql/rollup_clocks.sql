-- When the rollup began what, and what waits to be counted.
SELECT
  s.stepped_at,
  s.counting_since,
  s.feed_since,
  (SELECT count(*) FROM rescans) AS rescans,
  waiting.changes,
  waiting.since
FROM rollup_state s
CROSS JOIN LATERAL (
  SELECT count(*) AS changes, min(c.noted_at) AS since
  FROM changes c
  WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
) waiting
