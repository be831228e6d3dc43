-- Shares of the :facts from before each one's instant (:befores): what changes there now has its whole minute counted again.
WITH old AS (
  DELETE FROM fact_shares h
  USING unnest(:facts, :befores) AS f (fact, before)
  WHERE h.fact = f.fact
    AND h.start < f.before
)
UPDATE fact_periods p
SET shared = false
FROM unnest(:facts, :befores) AS f (fact, before)
WHERE p.shared
  AND p.fact = f.fact
  AND p.grain = 'minutes'
  AND p.start < f.before
