-- Minutes of the :facts (in these :versions) whose numbers are kept apart by conversation, too, and hold but for what time or this
-- step's changes have done.
SELECT p.fact, p.start, p.until
FROM unnest(:facts, :versions) AS f (fact, version)
JOIN fact_periods p ON p.fact = f.fact AND p.shared
WHERE p.grain = 'minutes'
  AND p.version = f.version
  AND p.stale_since IS NULL
  AND p.late_since IS NULL
  AND NOT p.frozen
