-- Stored hours and days that stay as they are although the CRM has deleted rows that they count.
SELECT p.fact, p.start, p.until
FROM fact_periods p
WHERE p.frozen
