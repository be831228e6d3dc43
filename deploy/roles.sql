-- The role that the daemon reads with: SELECT on the views of crm_source, and nothing else. Run it as the owner of the
-- views, after views.sql or before it, as often as you like:
--
--   psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f deploy/roles.sql
--   psql "$ADMIN_URL" -c "ALTER ROLE crm_metrics_read LOGIN" -c '\password crm_metrics_read'
--
-- The role cannot log in until you say so, and a second run leaves login and password as you set them.
BEGIN;

DO $$
BEGIN
  CREATE ROLE crm_metrics_read NOLOGIN;
EXCEPTION
  WHEN duplicate_object THEN NULL;
END
$$;

CREATE SCHEMA IF NOT EXISTS crm_source;
REVOKE ALL ON SCHEMA crm_source FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA crm_source FROM PUBLIC;

-- Take back whatever it was given by hand here before, then give what it needs.
REVOKE ALL ON SCHEMA crm_source FROM crm_metrics_read;
REVOKE ALL ON ALL TABLES IN SCHEMA crm_source FROM crm_metrics_read;
GRANT USAGE ON SCHEMA crm_source TO crm_metrics_read;
GRANT SELECT ON ALL TABLES IN SCHEMA crm_source TO crm_metrics_read;

-- Views that the one who runs this creates later.
ALTER DEFAULT PRIVILEGES IN SCHEMA crm_source GRANT SELECT ON TABLES TO crm_metrics_read;

COMMIT;
