-- Which conversations are to be derived still, and with what definition and settings the others have been.
SELECT
  s.derive_before::text AS before,
  s.derive_before_id AS before_id,
  s.derive_down_to::text AS down_to,
  coalesce(s.derive_version, '') AS version
FROM rollup_state s
