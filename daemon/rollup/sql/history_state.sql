-- How far the history can be trusted: are changes noted, was one missed, and how far back does contact_visits go?
SELECT
  s.feed_since IS NOT NULL AS fed,
  s.change_seq,
  s.counting_since,
  v.visits_from < 'infinity' AS visits,
  CASE WHEN isfinite(v.visits_from) THEN v.visits_from END AS visits_from,
  EXISTS (SELECT FROM rescans) AS rescan
FROM rollup_state s
CROSS JOIN visits_state v
