-- How many minutes, stored in whole, of the :facts in these :versions begin between :first and :last and hold at :as_of.
SELECT p.fact, count(*) AS minutes
FROM unnest(:facts, :versions) AS f (fact, version)
JOIN fact_periods p ON p.fact = f.fact AND p.grain = 'minutes' AND p.start >= :first AND p.start <= :last
WHERE p.until = p.start + interval '1 minute'
  AND (p.frozen OR (p.version = f.version AND p.stale_since IS NULL AND p.late_since IS NULL AND (p.next_due IS NULL OR p.next_due > :as_of)))
GROUP BY p.fact
