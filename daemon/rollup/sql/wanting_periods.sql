-- Of the periods (:starts, :untils) of one :grain, those that some of the :facts, in these :versions, have not got, or
-- that do not hold any more; and whether something is stored for them.
SELECT f.fact, w.start, w.until, p.fact IS NOT NULL AS stored
FROM unnest(:facts, :versions) AS f (fact, version)
CROSS JOIN unnest(:starts, :untils) AS w (start, until)
LEFT JOIN fact_periods p ON p.fact = f.fact AND p.grain = :grain AND p.start = w.start
WHERE p.fact IS NULL
  OR p.until <> w.until
  OR NOT (
    p.frozen OR (p.version = f.version AND p.stale_since IS NULL AND (p.next_due IS NULL OR p.next_due > :as_of))
  )
ORDER BY w.start DESC, f.fact
