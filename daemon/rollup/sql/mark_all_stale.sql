-- Changes were missed: all that is younger than the horizon is to be counted again, and of facts that are true now everything.
UPDATE fact_periods p
SET stale_since = :as_of
WHERE (p.until > :as_of - :rollup_horizon OR p.fact = ANY (:facts_of_now))
  AND p.stale_since IS NULL
  AND NOT p.frozen
