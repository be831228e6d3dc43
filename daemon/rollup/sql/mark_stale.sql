-- Stored periods in which something has changed (:facts, :instants) wait to be counted again; frozen ones never do.
UPDATE fact_periods p
SET stale_since = :as_of
FROM unnest(:facts, :instants) AS i (fact, at)
CROSS JOIN (
  VALUES ('minutes', interval '5 minutes'), ('hour', interval '2 hours'), ('day', interval '27 hours')
) AS g (grain, longest)
WHERE p.fact = i.fact
  AND p.grain = g.grain
  AND p.start > i.at - g.longest
  AND p.start <= i.at
  AND p.until > i.at
  AND p.stale_since IS NULL
  AND NOT p.frozen
