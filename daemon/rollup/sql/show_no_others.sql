-- Rows of analytics_snapshots between :from and :to that begin at none of :starts: another time zone's.
DELETE FROM analytics_snapshots s
WHERE s.snapshot_type = :type
  AND s.snapshot_date >= (:from)::timestamp
  AND s.snapshot_date < (:to)::timestamp
  AND s.snapshot_date::timestamptz <> ALL (:starts)
