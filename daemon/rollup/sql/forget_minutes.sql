-- Periods of minutes that no window needs any more.
DELETE FROM fact_periods p
WHERE p.fact = :fact
  AND p.grain = 'minutes'
  AND p.start < :before
