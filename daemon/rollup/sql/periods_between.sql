-- Stored periods of one :grain of the :facts (in these :versions) that begin between :first and :last; do they hold at :as_of?
SELECT
  p.fact,
  p.start,
  p.until,
  p.frozen
    OR (p.version = f.version AND p.stale_since IS NULL AND p.late_since IS NULL AND (p.next_due IS NULL OR p.next_due > :as_of)) AS holds
FROM unnest(:facts, :versions) AS f (fact, version)
JOIN fact_periods p ON p.fact = f.fact AND p.grain = :grain AND p.start >= :first AND p.start <= :last
