-- Functions of the change feed that no enabled trigger runs; :recipients: does the CRM have campaign recipients?
SELECT e.entity || ' ' || e.write AS missing
FROM (VALUES ('message'), ('conversation'), ('recipient')) AS entity_names (entity)
CROSS JOIN (VALUES ('insert'), ('update'), ('delete')) AS writes (write)
CROSS JOIN LATERAL (SELECT entity_names.entity, writes.write) e
WHERE (e.entity <> 'recipient' OR :recipients)
  AND NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = :own_schema
      AND p.proname = 'note_' || e.entity || '_' || e.write
      AND t.tgenabled IN ('O', 'A')
  )
ORDER BY 1
