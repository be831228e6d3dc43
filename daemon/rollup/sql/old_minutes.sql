-- The quarters of an hour of which minutes are stored that no window needs any more, of any of the :facts.
SELECT DISTINCT date_bin(interval '15 minutes', p.start, timestamptz '1970-01-01 00:00+00') AS at
FROM fact_periods p
WHERE p.fact = ANY (:facts)
  AND p.grain = 'minutes'
  AND p.start < :before
