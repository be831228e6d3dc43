-- Hours and days between :from and :to are shown by analytics_snapshots as they were counted last.
UPDATE fact_periods p
SET shown = true
WHERE NOT p.shown
  AND p.grain <> 'minutes'
  AND p.start >= :from
  AND p.start < :to
