-- What the change feed has noted, or left to be found, and nobody has counted yet, up to :most of either, and since when; and
-- what is to be counted again, because a trigger failed. Messages dated after :as_of wait for their time.
WITH unseen AS (
  SELECT count(*) AS messages, min(u.at) AS since
  FROM (
    \i unseen_messages.sql
  ) u
  WHERE u.at <= :as_of
)
SELECT
  (
    SELECT count(*)
    FROM (
      SELECT
      FROM changes c
      WHERE c.at IS NULL OR c.at <= :as_of OR c.entity <> 'message'
      LIMIT :most
    ) uncounted
  ) + u.messages AS waiting,
  least(
    (
      SELECT c.noted_at
      FROM changes c
      WHERE c.at IS NULL OR c.at <= :as_of OR c.entity <> 'message'
      ORDER BY c.seq
      LIMIT 1
    ),
    CASE WHEN u.messages > 0 THEN greatest(u.since, s.stepped_at) END
  ) AS since,
  (SELECT count(*) FROM rescans r) AS rescans,
  coalesce((SELECT r.reason FROM rescans r ORDER BY r.noted_at DESC LIMIT 1), '') AS reason
FROM unseen u, rollup_state s
