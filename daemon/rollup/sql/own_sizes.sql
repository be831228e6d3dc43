-- The daemon's own tables and their bytes on disk, indexes included.
SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :own_schema
  AND c.relkind = 'r'
  AND (
    c.relname LIKE 'fact\_%'
    OR c.relname IN (
      'changes', 'contact_visits', 'counters', 'analytics_snapshots', 'conversation_metrics', 'agent_activity_logs'
    )
  )
ORDER BY 1
