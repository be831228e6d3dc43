-- What teams and agents ask for.
--
-- How many contacts they had, each once, is no sum of days, and whether those had come before is a look-up for each of
-- them in the CRM's conversations. So conversations of agents are kept with what that asks for, an agent's side by side.
--
-- One row: contact_visits has the conversations created at or after visits_from. 'infinity': it is not filled yet; '-infinity': it
-- has all. Not in rollup_state, which others write while it is filled.
CREATE TABLE visits_state (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  visits_from timestamptz NOT NULL DEFAULT 'infinity'
);
INSERT INTO visits_state DEFAULT VALUES;

-- Ids are of the CRM's own types, as in conversation_metrics. Rows are written once and seldom change.
DO $$
DECLARE
  views text := current_setting('crm_metricsd.views');
  type_of jsonb;
BEGIN
  SELECT coalesce(jsonb_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)), '{}')
    INTO type_of
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.conversations', views))
      AND a.attname IN ('conversation_id', 'contact_id', 'agent_id');
  EXECUTE format($table$
    CREATE TABLE contact_visits (
      conversation_id %s PRIMARY KEY,
      contact_id      %s NOT NULL,
      agent_id        %s NOT NULL,
      created_at      timestamptz NOT NULL,
      first_at        timestamptz NOT NULL  -- when the contact's first conversation ever was created, with whomever it was
    ) WITH (autovacuum_vacuum_insert_scale_factor = 0.05)$table$,
    coalesce(type_of ->> 'conversation_id', 'uuid'), coalesce(type_of ->> 'contact_id', 'uuid'),
    coalesce(type_of ->> 'agent_id', 'uuid'));
END
$$;
CREATE INDEX contact_visits_by_agent ON contact_visits (agent_id, created_at) INCLUDE (contact_id, first_at);
CREATE INDEX contact_visits_by_contact ON contact_visits (contact_id, created_at);

-- Facts with a key, too, have an agent's hours and days side by side (0005).
CREATE INDEX fact_values_by_agent ON fact_values (fact, grain, agent, start) WHERE grain <> 'minutes';

-- And those that are asked for by the hour, or in most sections, are read from the index alone: of a team's month by hour 160 pages
-- instead of 7,000, because an hour's rows of all agents share a page, not an agent's of all hours.
DROP INDEX fact_conversations_by_agent;
CREATE INDEX fact_conversations_by_agent ON fact_conversations (grain, agent, start) INCLUDE (created, resolved)
  WHERE grain <> 'minutes';
DROP INDEX fact_sla_by_agent;
CREATE INDEX fact_sla_by_agent ON fact_sla (grain, agent, start) INCLUDE (compliant, breached, answered, response_ms)
  WHERE grain <> 'minutes';
DROP INDEX fact_messages_by_agent;
CREATE INDEX fact_messages_by_agent ON fact_messages (grain, agent, start)
  INCLUDE (inbound, outbound, sent, delivered, read, failed, unknown_sender, unknown_status) WHERE grain <> 'minutes';
DROP INDEX fact_presence_by_agent;
CREATE INDEX fact_presence_by_agent ON fact_presence (grain, agent, start) INCLUDE (online_ms, away_ms) WHERE grain <> 'minutes';
