-- Of the periods (:starts, :untils) of one :grain, those that some of the :facts, in these :versions, have not got, or
-- that do not hold any more.
SELECT f.fact, w.start, w.until
FROM unnest(:facts, :versions) AS f (fact, version)
CROSS JOIN unnest(:starts, :untils) AS w (start, until)
WHERE NOT EXISTS (
  SELECT
  FROM fact_periods p
  WHERE p.fact = f.fact
    AND p.grain = :grain
    AND p.start = w.start
    AND p.until = w.until
    AND (p.frozen OR (p.version = f.version AND p.stale_since IS NULL AND (p.next_due IS NULL OR p.next_due > :as_of)))
)
ORDER BY w.start DESC, f.fact
