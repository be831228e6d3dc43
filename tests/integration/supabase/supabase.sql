-- The reference CRM as Supabase would hold it: PostgREST's roles, row-level security on every table, an owner that is no
-- superuser. Run over a reference database by its superuser (there: supabase_admin). Roles are the cluster's: made once.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'authenticator') THEN
    CREATE ROLE anon NOLOGIN NOINHERIT;
    CREATE ROLE authenticated NOLOGIN NOINHERIT;
    CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;
    CREATE ROLE authenticator LOGIN NOINHERIT;
    GRANT anon, authenticated, service_role TO authenticator;
    -- What Supabase calls postgres, which here is the cluster's superuser.
    CREATE ROLE supabase_owner LOGIN BYPASSRLS CREATEROLE;
    -- A developer who owns views and sees no more than the policies show.
    CREATE ROLE developer LOGIN;
    CREATE ROLE crm_metrics_read LOGIN;
    CREATE ROLE crm_metrics_write LOGIN;
  END IF;
END
$$;

CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid
$$;
GRANT USAGE ON SCHEMA auth, public TO anon, authenticated, service_role, developer;

DO $$
DECLARE
  relation record;
BEGIN
  FOR relation IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE 'ALTER TABLE ' || relation.name || ' OWNER TO supabase_owner';
    EXECUTE 'ALTER TABLE ' || relation.name || ' ENABLE ROW LEVEL SECURITY';
    EXECUTE 'GRANT ALL ON ' || relation.name || ' TO anon, authenticated, service_role';
    EXECUTE 'GRANT SELECT ON ' || relation.name || ' TO developer';
  END LOOP;
  FOR relation IN SELECT format('%I.%I', schemaname, viewname) AS name FROM pg_views WHERE schemaname = 'crm_source' LOOP
    EXECUTE 'ALTER VIEW ' || relation.name || ' OWNER TO supabase_owner';
  END LOOP;
END
$$;
ALTER SCHEMA crm_source OWNER TO supabase_owner;

-- Who is logged in sees his own conversations; nobody else sees any.
CREATE POLICY own_conversations ON conversations FOR ALL TO authenticated USING (assigned_agent_id = auth.uid());
CREATE POLICY own_messages ON messages FOR ALL TO authenticated USING (
  EXISTS (SELECT FROM conversations c WHERE c.id = conversation_id AND c.assigned_agent_id = auth.uid())
);
CREATE POLICY own_profile ON profiles FOR SELECT TO authenticated USING (id = auth.uid());

GRANT USAGE ON SCHEMA crm_source TO crm_metrics_read, crm_metrics_write, developer;
GRANT SELECT ON ALL TABLES IN SCHEMA crm_source TO crm_metrics_read, crm_metrics_write, developer;
