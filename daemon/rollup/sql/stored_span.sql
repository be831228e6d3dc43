-- From when on something is stored.
SELECT min(p.start) AS first_start
FROM fact_periods p
