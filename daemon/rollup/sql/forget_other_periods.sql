-- Stored periods of a day [:from, :to) that the calendar does not have: another time zone's.
DELETE FROM fact_periods p
WHERE p.fact = :fact
  AND p.grain = :grain
  AND p.start >= :from
  AND p.start < :to
  AND p.start <> ALL (:starts)
  AND NOT p.frozen
RETURNING p.start
