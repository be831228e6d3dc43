-- Rows of analytics_snapshots, one for each of :starts.
INSERT INTO analytics_snapshots AS s (snapshot_type, snapshot_date, metrics, created_at)
SELECT :type, n.start::timestamp, n.metrics, (:as_of)::timestamp
FROM unnest(:starts, :metrics) AS n (start, metrics)
ON CONFLICT (snapshot_type, snapshot_date) DO UPDATE SET metrics = excluded.metrics, created_at = excluded.created_at
WHERE s.metrics IS DISTINCT FROM excluded.metrics
