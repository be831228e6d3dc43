-- How far conversations have been derived: down to :before and :before_id; NULL: all of them have been.
UPDATE rollup_state
SET derive_before = :before, derive_before_id = :before_id
