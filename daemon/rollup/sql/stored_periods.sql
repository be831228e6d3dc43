-- Stored periods of the :facts in these :versions, those of each of the :grains that lie within its window [froms, tos): those
-- that hold at :as_of, and days that were counted by other settings. Each fact and window is looked up by the index: joined,
-- the planner would read all periods there are. How long the arrays are is hidden from it by their SELECTs: so it keeps the plan for
-- any instead of planning anew for each.
SELECT f.fact, w.grain, p.start, p.until, p.frozen, p.frozen OR p.version = f.version AS holds, p.late_since IS NOT NULL AS late
FROM unnest((SELECT :facts), (SELECT :versions)) AS f (fact, version)
CROSS JOIN unnest((SELECT :grains), (SELECT :froms), (SELECT :tos)) AS w (grain, from_at, to_at)
CROSS JOIN LATERAL (
  SELECT s.start, s.until, s.frozen, s.version, s.stale_since, s.late_since, s.next_due, s.as_of
  FROM fact_periods s
  WHERE s.fact = f.fact
    AND s.grain = w.grain
    AND s.start >= w.from_at
    AND s.start < w.to_at
  OFFSET 0
) p
WHERE p.until <= w.to_at
  AND p.until <= :trusted_until
  AND p.as_of <= :as_of
  AND (
    p.frozen
    OR (p.version = f.version AND p.stale_since IS NULL AND (p.next_due IS NULL OR p.next_due > :as_of))
    OR (p.version <> f.version AND w.grain = 'day')
  )
