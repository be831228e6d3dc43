-- Who may do what with the daemon's own tables. Run after the migrations, each time, so that it does not matter whether
-- deploy/roles.sql came before. Tables are named, because the schema may be one that is shared (public).
DO $$
DECLARE
  own text[] := ARRAY[
    'agent_activity_logs', 'analytics_snapshots', 'changes', 'contact_visits', 'conversation_metrics', 'counters',
    'fact_bot_conversations', 'fact_campaign_messages', 'fact_conversations', 'fact_customers',
    'fact_first_responses', 'fact_leads', 'fact_messages', 'fact_open_conversations', 'fact_periods', 'fact_presence',
    'fact_resolutions', 'fact_shares', 'fact_sla', 'fact_ticket_resolutions', 'fact_turns', 'fact_values', 'fact_waiting',
    'rescans', 'rollup_state', 'schema_migrations', 'visits_state', 'written_messages', 'xid_clock'
  ];
  own_table text;
  who text;
BEGIN
  FOREACH own_table IN ARRAY own LOOP
    EXECUTE format('REVOKE ALL ON TABLE crm_metrics.%I FROM PUBLIC', own_table);
  END LOOP;
  FOR who IN
    SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated', 'crm_metrics_read', 'crm_metrics_write')
  LOOP
    FOREACH own_table IN ARRAY own LOOP
      EXECUTE format('REVOKE ALL ON TABLE crm_metrics.%I FROM %I', own_table, who);
      CONTINUE WHEN who IN ('anon', 'authenticated');
      EXECUTE format('GRANT SELECT ON TABLE crm_metrics.%I TO %I', own_table, who);
      IF who = 'crm_metrics_write' AND own_table NOT IN ('schema_migrations', 'written_messages') THEN
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON TABLE crm_metrics.%I TO %I', own_table, who);
      END IF;
    END LOOP;
    IF who NOT IN ('anon', 'authenticated') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA crm_metrics TO %I', who);
    END IF;
  END LOOP;
END
$$;
