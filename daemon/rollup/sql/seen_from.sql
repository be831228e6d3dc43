-- Since when messages may be dated that the last step did not see.
SELECT s.seen_from
FROM rollup_state s
