-- What triggers that failed have left.
DELETE FROM rescans
RETURNING reason
