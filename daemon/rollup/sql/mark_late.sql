-- Minutes (:facts, :starts) in which something has changed, and for which there was no time: they answer, but late.
UPDATE fact_periods p
SET late_since = :as_of
FROM unnest(:facts, :starts) AS s (fact, start)
WHERE p.fact = s.fact
  AND p.grain = 'minutes'
  AND p.start = s.start
  AND p.late_since IS NULL
