-- Tables and views that the role may change, and the first of their names; the daemon's own tables are counted apart.
SELECT
  count(*) FILTER (WHERE NOT w.own) AS relations,
  coalesce(array_to_string((array_agg(w.name ORDER BY w.name) FILTER (WHERE NOT w.own))[1 : 3], ', '), '') AS first,
  count(*) FILTER (WHERE w.own) AS own
FROM (
  SELECT
    format('%I.%I', n.nspname, c.relname) AS name,
    n.nspname = :own_schema
      AND (
        c.relname LIKE 'fact\_%'
        OR c.relname IN ('agent_activity_logs', 'analytics_snapshots', 'changes', 'contact_visits', 'conversation_metrics',
                         'counters', 'rescans', 'rollup_state', 'visits_state', 'xid_clock')
      ) AS own
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'f')
    AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
    AND has_schema_privilege(n.oid, 'USAGE')
    AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
) w
