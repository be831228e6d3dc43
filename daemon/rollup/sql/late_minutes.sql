-- Minutes of the :facts between :from and :to that were left for later, those first that have waited for longest.
SELECT p.fact, p.grain, p.start, p.until
FROM fact_periods p
WHERE p.late_since IS NOT NULL
  AND p.fact = ANY (:facts)
  AND p.start >= :from
  AND p.start < :to
ORDER BY p.late_since, p.start DESC
LIMIT :most
