-- What waits for a step of the rollup: changes whose time has come (no more than :most are looked at), and a rescan.
SELECT
  min(w.noted_at) AS since,
  count(*) AS changes,
  EXISTS (SELECT FROM rescans) AS rescan
FROM (
  SELECT c.noted_at
  FROM changes c
  WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
  ORDER BY c.seq
  LIMIT :most
) w
