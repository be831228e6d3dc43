-- Which conversations are to be derived still.
SELECT
  s.derive_before::text AS before,
  s.derive_before_id AS before_id,
  s.derive_down_to::text AS down_to
FROM rollup_state s
WHERE s.derive_before IS NOT NULL
