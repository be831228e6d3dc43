-- What the daemon's role may do with its own schema: is it there, can it be read, can it be written?
SELECT
  coalesce(bool_or(c.relname = 'rollup_state'), false) AS schema,
  coalesce(bool_and(has_table_privilege(c.oid, 'SELECT')), false) AS read,
  coalesce(
    bool_and(
      has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')
    ) FILTER (WHERE c.relkind = 'r'),
    false
  ) AS write
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :own_schema
  AND c.relkind IN ('r', 'v')
  AND c.relname IN (
    'rollup_state', 'changes', 'rescans', 'fact_periods', 'fact_values', 'counters', 'written_messages', 'xid_clock'
  )
  AND has_schema_privilege(n.oid, 'USAGE')
