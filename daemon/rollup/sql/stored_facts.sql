-- What is stored of each fact, those of the house (:facts, in these :versions) and those that are left of others: from when
-- to when, how many periods of each grain, and how many of them do not hold at :as_of.
SELECT
  coalesce(f.fact, p.fact) AS fact,
  f.fact IS NOT NULL AS known,
  min(p.start) AS first_start,
  max(p.until) AS last_until,
  count(*) FILTER (WHERE p.grain = 'day') AS days,
  count(*) FILTER (WHERE p.grain = 'hour') AS hours,
  count(*) FILTER (WHERE p.grain = 'minutes') AS minutes,
  count(*) FILTER (WHERE p.stale_since IS NOT NULL OR p.late_since IS NOT NULL) AS stale,
  count(*) FILTER (WHERE p.next_due <= :as_of AND NOT p.frozen) AS due,
  count(*) FILTER (WHERE p.frozen) AS frozen,
  count(*) FILTER (WHERE p.version <> f.version AND NOT p.frozen) AS of_other_version
FROM unnest(:facts, :versions) AS f (fact, version)
FULL JOIN fact_periods p ON p.fact = f.fact
GROUP BY 1, 2
ORDER BY 1
