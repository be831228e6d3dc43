-- A step: whoever writes this row is the only writer, and a writer whose snapshot is older fails here. What the snapshot
-- sees is seen from now on. A message that it does not see, and that no trigger notes, is one of a transaction that has not
-- ended yet, was written after that began to write, and is dated no more than ten seconds before (changes.sql); clocks may
-- be set back by five. Restored into another server, numbers of transactions begin anew: then nothing was seen.
WITH now_seen AS (
  SELECT pg_current_snapshot() AS snapshot
),
ended AS (
  SELECT
    CASE
      WHEN pg_snapshot_xmin(n.snapshot) = pg_snapshot_xmax(n.snapshot) THEN now()
      ELSE (SELECT max(x.at) FROM xid_clock x WHERE x.next_xid <= pg_snapshot_xmin(n.snapshot))
    END AS since
  FROM now_seen n
),
ticked AS (
  INSERT INTO xid_clock (at, next_xid)
  SELECT now(), pg_snapshot_xmax(n.snapshot)
  FROM now_seen n
),
forgotten AS (
  DELETE FROM xid_clock x
  USING ended e
  WHERE x.at < e.since
    AND x.next_xid <> '0'
)
UPDATE rollup_state s
SET
  steps = s.steps + 1,
  stepped_at = :as_of,
  counting_since = coalesce(s.counting_since, CASE WHEN :counts THEN :as_of END),
  feed_since = CASE WHEN :fed IS NULL THEN s.feed_since WHEN :fed THEN coalesce(s.feed_since, :as_of) END,
  seen = n.snapshot,
  seen_from = e.since - interval '15 seconds'
FROM now_seen n, ended e, (SELECT b.feed_since, b.stepped_at, b.seen, b.dated_until FROM rollup_state b) AS before
RETURNING
  s.counting_since,
  s.feed_since,
  before.stepped_at AS last_step,
  before.dated_until,
  before.feed_since IS NULL AND s.feed_since IS NOT NULL AS feed_began,
  coalesce(pg_snapshot_xmax(n.snapshot) < pg_snapshot_xmax(before.seen), false) AS restored
