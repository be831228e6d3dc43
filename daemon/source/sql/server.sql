-- The server and the role: what a reader should and should not be.
SELECT
  current_setting('server_version') AS version,
  current_setting('server_version_num')::bigint AS version_number,
  current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() AS standby,
  r.rolname::text AS role,
  r.rolsuper AS superuser,
  r.rolbypassrls AS bypasses_rls,
  r.rolcreaterole AS creates_roles,
  has_database_privilege(current_database(), 'CREATE') AS creates_schemas,
  EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = :schema) AS has_schema,
  EXISTS (
    SELECT
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname = :schema
      AND has_schema_privilege(n.oid, 'USAGE')
  ) AS may_use_schema,
  clock_timestamp() AS clock
FROM pg_catalog.pg_roles r
WHERE r.rolname = current_user
