-- Stored periods that have to be counted again: something changed in them, or time alone has changed them.
SELECT p.fact, p.grain, p.start, p.until
FROM fact_periods p
WHERE p.stale_since IS NOT NULL
UNION
SELECT p.fact, p.grain, p.start, p.until
FROM fact_periods p
WHERE p.next_due <= :as_of
  AND NOT p.frozen
ORDER BY start DESC
LIMIT :most
