-- Stored periods older than the horizon that counted what the CRM has now deleted (:facts, :instants) stay as they are.
UPDATE fact_periods p
SET frozen = true, stale_since = NULL, late_since = NULL
FROM unnest(:facts, :instants) AS i (fact, at)
CROSS JOIN (
  VALUES ('minutes', interval '1 minute'), ('hour', interval '2 hours'), ('day', interval '27 hours')
) AS g (grain, longest)
WHERE p.fact = i.fact
  AND p.grain = g.grain
  AND p.start > i.at - g.longest
  AND p.start <= i.at
  AND p.until > i.at
  AND p.until <= :as_of - :rollup_horizon
  AND NOT p.frozen
