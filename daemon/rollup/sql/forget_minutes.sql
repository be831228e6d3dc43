-- Periods of minutes that no window needs any more, once their hour is stored: one that is not will count for what they do not
-- hold only. Those that were counted when they were older than :counted_late are of crowded hours, and kept until :late_before.
DELETE FROM fact_periods p
WHERE p.fact = :fact
  AND p.grain = 'minutes'
  AND p.start < :before
  AND (
    p.start < :late_before
    OR (
      p.as_of < p.start + :counted_late
      AND EXISTS (
        SELECT
        FROM fact_periods h
        WHERE h.fact = p.fact
          AND h.grain = 'hour'
          AND h.start > p.start - interval '2 hours'
          AND h.start <= p.start
          AND h.until > p.start
      )
    )
  )
