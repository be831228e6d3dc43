-- The transaction that wrote message w had not ended when the last step looked. Numbers of transactions are 32 bits long,
-- that step's are 64: a row that is seen now is of one before the next, so its epoch follows. Most rows are older than all
-- that had not ended then, which the first line tells at less cost.
age(w.written_by) <= age((SELECT pg_snapshot_xmin(s.seen)::xid FROM rollup_state s))
AND NOT pg_visible_in_snapshot(
  (
    (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
      - (((SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint) - w.written_by::text::bigint) & 4294967295)
  )::text::xid8,
  (SELECT s.seen FROM rollup_state s)
)
