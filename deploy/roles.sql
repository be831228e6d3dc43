-- The daemon's roles, which can do this and nothing else:
--   crm_metrics_read   SELECT on the views of crm_source and on the daemon's own schema
--   crm_metrics_write  the same, and writes the own schema's tables: history is kept with it (database.write_url)
-- Run it as the owner of the views, before or after views.sql and `crm-metricsd migrate`, as often as you like:
--
--   psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f deploy/roles.sql
--   psql "$ADMIN_URL" -c "ALTER ROLE crm_metrics_read LOGIN" -c '\password crm_metrics_read'
--   psql "$ADMIN_URL" -c "ALTER ROLE crm_metrics_write LOGIN" -c '\password crm_metrics_write'
--
-- The roles cannot log in until you say so, and a second run leaves login and password as you set them. Where rollup.schema
-- is not crm_metrics, `crm-metricsd migrate` gives the rights on it: run that after this.
BEGIN;

DO $$
DECLARE
  own_role text;
BEGIN
  FOREACH own_role IN ARRAY ARRAY['crm_metrics_read', 'crm_metrics_write'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', own_role);
    EXCEPTION
      WHEN duplicate_object THEN NULL;
    END;
  END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS crm_source;
REVOKE ALL ON SCHEMA crm_source FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA crm_source FROM PUBLIC;

-- Take back whatever they were given by hand here before, then give what they need.
REVOKE ALL ON SCHEMA crm_source FROM crm_metrics_read, crm_metrics_write;
REVOKE ALL ON ALL TABLES IN SCHEMA crm_source FROM crm_metrics_read, crm_metrics_write;
GRANT USAGE ON SCHEMA crm_source TO crm_metrics_read, crm_metrics_write;
GRANT SELECT ON ALL TABLES IN SCHEMA crm_source TO crm_metrics_read, crm_metrics_write;

-- Views that the one who runs this creates later.
ALTER DEFAULT PRIVILEGES IN SCHEMA crm_source GRANT SELECT ON TABLES TO crm_metrics_read, crm_metrics_write;

-- The daemon's own schema. What migrations have made the writer must not change, only read.
CREATE SCHEMA IF NOT EXISTS crm_metrics;
REVOKE ALL ON SCHEMA crm_metrics FROM PUBLIC, crm_metrics_read, crm_metrics_write;
REVOKE ALL ON ALL TABLES IN SCHEMA crm_metrics FROM PUBLIC, crm_metrics_read, crm_metrics_write;
GRANT USAGE ON SCHEMA crm_metrics TO crm_metrics_read, crm_metrics_write;
GRANT SELECT ON ALL TABLES IN SCHEMA crm_metrics TO crm_metrics_read, crm_metrics_write;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm_metrics TO crm_metrics_write;
DO $$
BEGIN
  REVOKE INSERT, UPDATE, DELETE ON crm_metrics.schema_migrations FROM crm_metrics_write;
  REVOKE INSERT, UPDATE, DELETE ON crm_metrics.written_messages FROM crm_metrics_write;
EXCEPTION
  WHEN undefined_table THEN NULL;
END
$$;

COMMIT;
