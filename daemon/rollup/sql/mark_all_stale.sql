-- Changes were missed: all that is younger than the horizon is to be counted again.
UPDATE fact_periods p
SET stale_since = :as_of
WHERE p.until > :as_of - :rollup_horizon
  AND p.stale_since IS NULL
  AND NOT p.frozen
