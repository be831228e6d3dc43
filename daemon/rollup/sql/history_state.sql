-- How far the history can be trusted: are changes noted, was one missed, and how far back does contact_visits go?
SELECT
  s.feed_since IS NOT NULL AS fed,
  s.change_seq,
  s.counting_since,
  s.visits_from < 'infinity' AS visits,
  CASE WHEN isfinite(s.visits_from) THEN s.visits_from END AS visits_from,
  EXISTS (SELECT FROM rescans) AS rescan
FROM rollup_state s
