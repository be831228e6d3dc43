-- Minutes (:facts, :starts, of :versions) in which nothing more has happened are counted up to :untils, as they are. (:shown)
INSERT INTO fact_periods AS p (fact, grain, start, until, version, as_of, shown)
SELECT q.fact, 'minutes', q.start, q.until, q.version, :as_of, q.shown
FROM unnest(:facts, :starts, :untils, :versions, :shown) AS q (fact, start, until, version, shown)
ON CONFLICT (fact, grain, start) DO UPDATE SET until = excluded.until, as_of = excluded.as_of
