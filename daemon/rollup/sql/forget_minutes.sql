-- Periods of minutes that no window needs any more, once their hour is stored: one that is not will add to the counters what they
-- have not. Those of the hours [:kept_froms, :kept_untils) stay.
DELETE FROM fact_periods p
WHERE p.fact = :fact
  AND p.grain = 'minutes'
  AND p.start < :before
  AND NOT EXISTS (
    SELECT
    FROM unnest(:kept_froms, :kept_untils) AS kept (from_at, until_at)
    WHERE p.start >= kept.from_at
      AND p.start < kept.until_at
  )
  AND EXISTS (
    SELECT
    FROM fact_periods h
    WHERE h.fact = p.fact
      AND h.grain = 'hour'
      AND h.start > p.start - interval '2 hours'
      AND h.start <= p.start
      AND h.until > p.start
  )
