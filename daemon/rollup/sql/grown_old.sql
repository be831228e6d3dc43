-- Hours of the :facts in these :versions that are stale, and have grown old (:age) since the last step (:last_step): their minutes,
-- all of which are stored, have added to the counters what changed since the hour was counted.
SELECT h.fact, h.start, h.until
FROM unnest(:facts, :versions) AS f (fact, version)
JOIN fact_periods h ON h.fact = f.fact AND h.version = f.version
WHERE h.grain = 'hour'
  AND h.stale_since IS NOT NULL
  AND NOT h.frozen
  AND h.start < :as_of - :age
  AND h.start >= :last_step - :age
  AND h.until - h.start = (
    SELECT count(*)
    FROM fact_periods m
    WHERE m.fact = h.fact
      AND m.grain = 'minutes'
      AND m.start >= h.start
      AND m.start < h.until
      AND m.version = h.version
  ) * interval '1 minute'
