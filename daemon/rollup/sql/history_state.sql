-- How far the history can be trusted: are changes noted, and since when does the oldest one wait to be counted?
SELECT
  s.feed_since IS NOT NULL AS fed,
  s.change_seq,
  s.counting_since,
  (
    SELECT c.noted_at
    FROM changes c
    WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
    ORDER BY c.seq
    LIMIT 1
  ) AS waiting_since,
  EXISTS (SELECT FROM rescans) AS rescan
FROM rollup_state s
