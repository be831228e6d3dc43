-- Periods of minutes that no window needs any more, once their hour is stored: one that is not will add to the counters what they
-- have not. Those of the hours [:kept_froms, :kept_untils) stay. From the hours to their minutes: each minute would be compared
-- with all hours.
DELETE FROM fact_periods p
USING fact_periods h
WHERE h.fact = :fact
  AND h.grain = 'hour'
  AND h.start < :before
  AND h.start > (
    SELECT min(oldest.start) - interval '2 hours'
    FROM fact_periods oldest
    WHERE oldest.fact = :fact
      AND oldest.grain = 'minutes'
      AND oldest.start < :before
  )
  AND p.fact = :fact
  AND p.grain = 'minutes'
  AND p.start >= h.start
  AND p.start < h.until
  AND p.start < :before
  AND NOT EXISTS (
    SELECT
    FROM unnest(:kept_froms, :kept_untils) AS kept (from_at, until_at)
    WHERE p.start >= kept.from_at
      AND p.start < kept.until_at
  )
