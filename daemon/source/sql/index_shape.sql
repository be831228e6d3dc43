-- The first column of an index, and whether it holds only some of the rows.
SELECT coalesce(a.attname::text, '') AS leading, i.indpred IS NOT NULL AS partial
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
WHERE n.nspname = :schema
  AND c.relname = :index
