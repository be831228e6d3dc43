-- Stored hours and days of :facts that begin between :from and :to.
SELECT p.fact, p.grain, p.start, p.until, p.shown
FROM unnest(:facts) AS f (fact)
CROSS JOIN (VALUES ('hour'), ('day')) AS g (grain)
JOIN fact_periods p ON p.fact = f.fact AND p.grain = g.grain AND p.start >= :from AND p.start < :to
