-- What waits for a step of the rollup: changes whose time has come, noted or not (no more than :most of either are looked
-- at), minutes that a step has left for later, and a rescan. What is not noted has been written after the last step, by its
-- clock no sooner than it is dated.
WITH unseen AS (
  SELECT count(*) AS messages, min(u.at) AS since
  FROM (
    \i unseen_messages.sql
  ) u
  WHERE u.at <= :as_of
),
noted AS (
  SELECT count(*) AS changes, min(n.noted_at) AS since
  FROM (
    SELECT c.noted_at
    FROM changes c
    WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
    ORDER BY c.seq
    LIMIT :most
  ) n
)
SELECT
  least(
    n.since,
    (SELECT min(p.late_since) FROM fact_periods p WHERE p.late_since IS NOT NULL),
    CASE WHEN u.messages >= :most THEN s.stepped_at WHEN u.messages > 0 THEN greatest(u.since, s.stepped_at) END
  ) AS since,
  n.changes + u.messages AS changes,
  EXISTS (SELECT FROM rescans) AS rescan
FROM noted n, unseen u, rollup_state s
