-- The newest hour or day that was counted since analytics_snapshots has shown it.
SELECT max(p.start) AS start
FROM fact_periods p
WHERE NOT p.shown
  AND p.grain <> 'minutes'
