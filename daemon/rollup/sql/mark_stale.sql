-- Stored periods (:facts, :grains, :starts) in which something has changed wait to be counted again.
UPDATE fact_periods p
SET stale_since = :as_of
FROM unnest(:facts, :grains, :starts) AS s (fact, grain, start)
WHERE p.fact = s.fact
  AND p.grain = s.grain
  AND p.start = s.start
