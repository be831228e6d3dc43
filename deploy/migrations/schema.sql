-- The daemon's own schema, and in it what has been applied. Run before the migrations, each time. A schema that is made
-- here is closed to everybody; one that was there (public) stays as it is, and only the daemon's own tables are closed.
DO $$
DECLARE
  stranger text;
BEGIN
  IF to_regnamespace('crm_metrics') IS NULL THEN
    CREATE SCHEMA crm_metrics;
    REVOKE ALL ON SCHEMA crm_metrics FROM PUBLIC;
    FOR stranger IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
      EXECUTE format('REVOKE ALL ON SCHEMA crm_metrics FROM %I', stranger);
    END LOOP;
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS schema_migrations (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  checksum   text NOT NULL,  -- SHA-256 of the file
  applied_at timestamptz NOT NULL DEFAULT now()
);
