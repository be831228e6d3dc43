-- How far the history can be trusted: are changes noted, and was one missed?
SELECT
  s.feed_since IS NOT NULL AS fed,
  s.change_seq,
  s.counting_since,
  EXISTS (SELECT FROM rescans) AS rescan
FROM rollup_state s
