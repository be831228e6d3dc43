-- Rows dated as late as :until have been seen.
UPDATE rollup_state
SET dated_until = greatest(dated_until, :until)
