-- What the change feed has noted and nobody has counted yet, up to 100,000, and since when; and what is to be counted again,
-- because a trigger failed. Messages dated after :as_of wait for their time.
SELECT
  (
    SELECT count(*)
    FROM (
      SELECT
      FROM changes c
      WHERE c.at IS NULL OR c.at <= :as_of OR c.entity <> 'message'
      LIMIT 100000
    ) uncounted
  ) AS waiting,
  (
    SELECT c.noted_at
    FROM changes c
    WHERE c.at IS NULL OR c.at <= :as_of OR c.entity <> 'message'
    ORDER BY c.seq
    LIMIT 1
  ) AS since,
  (SELECT count(*) FROM rescans r) AS rescans,
  coalesce((SELECT r.reason FROM rescans r ORDER BY r.noted_at DESC LIMIT 1), '') AS reason
