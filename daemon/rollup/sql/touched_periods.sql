-- Stored periods of :facts and :grains that begin after :afters and until :lasts, and can be counted again; those that are known
-- to be stale are found anyway.
SELECT p.fact, p.grain, p.start, p.until
FROM unnest(:facts, :grains, :afters, :lasts) AS r (fact, grain, after, last)
JOIN fact_periods p
  ON p.fact = r.fact
  AND p.grain = r.grain
  AND p.start > r.after
  AND p.start <= r.last
WHERE p.stale_since IS NULL
  AND NOT p.frozen
