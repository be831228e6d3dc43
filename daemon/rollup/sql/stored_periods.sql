-- Stored periods of a fact, those of a :grain that lie within the windows [froms, tos): those that hold at :as_of, and days
-- that were counted by other settings.
SELECT p.start, p.until, p.frozen, p.frozen OR p.version = :version AS holds
FROM unnest(:froms, :tos) AS w (from_at, to_at)
JOIN fact_periods p ON p.fact = :fact AND p.grain = :grain AND p.start >= w.from_at AND p.start < w.to_at
WHERE p.until <= w.to_at
  AND p.until <= :trusted_until
  AND p.as_of <= :as_of
  AND (
    p.frozen
    OR (p.version = :version AND p.stale_since IS NULL AND (p.next_due IS NULL OR p.next_due > :as_of))
    OR (p.version <> :version AND p.grain = 'day')
  )
