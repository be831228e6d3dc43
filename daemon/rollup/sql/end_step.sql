-- Numbers have changed.
UPDATE rollup_state
SET change_seq = change_seq + 1
