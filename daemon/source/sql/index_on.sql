-- Indexes of a table that begin with a column: those that hold every row and work, and those whose build was interrupted.
SELECT
  coalesce(string_agg(c.relname::text, ', ') FILTER (WHERE i.indisvalid AND i.indpred IS NULL), '') AS working,
  coalesce(string_agg(format('%I.%I', n.nspname, c.relname), ', ') FILTER (WHERE NOT i.indisvalid), '') AS broken
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = to_regclass(:relation)
  AND a.attname = :column
