-- The change feed: triggers over the reference CRM's tables note in crm_metrics.changes what was written, in the transaction
-- that wrote it; and the presence of agents becomes spans in crm_metrics.agent_activity_logs. `crm-metricsd migrate --source`
-- runs this in a transaction of its own, as often as you like; by hand: psql -1 -f. `crm-metricsd migrate` and columns.sql
-- come before.
--
-- No trigger ever fails the CRM's write. What goes wrong in one leaves a row in crm_metrics.rescans, and everything within the
-- horizon is counted again; where even that fails, a line in PostgreSQL's log.
--
-- Functions run with their owner's rights (SECURITY DEFINER), so the CRM's roles need none on crm_metrics. Their names
-- are what the daemon looks for: note_<message, conversation, recipient, intent, lead, ticket, presence>_<insert, update,
-- delete>, and note_truncate. Times without a zone are UTC, whatever the session's time zone is.

-- Messages: when they were created, and in which conversation; of one without, 'message ' and its id --------------------

-- Most are not noted at all: a message that is written no later than ten seconds after its created_at, and not under a
-- savepoint, the daemon finds by the transaction that wrote it (written_messages below), and the CRM pays next to nothing: the
-- condition, which is kept short because PostgreSQL reads it anew for each statement. What the triggers note one by one is the
-- rest: imports, and what a savepoint wrote, whose number tells nothing of the transaction. The ten seconds and xmin are what
-- the daemon looks for in the trigger, and what it reckons with: leave them.
CREATE OR REPLACE FUNCTION crm_metrics.note_message_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  VALUES (
    'message', coalesce(NEW.conversation_id::pg_catalog.text, pg_catalog.concat('message ', NEW.id)),
    pg_catalog.timezone('UTC', NEW.created_at)
  );
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (pg_catalog.left(pg_catalog.concat('note_message_insert: ', SQLERRM), 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_message_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Messages with the transaction that wrote them as they are; created_at as the table has it, so that its index serves
-- (indexes.sql: without one, every write is taken as missed). Joined with nothing, so that nobody writes through it.
DROP VIEW IF EXISTS crm_metrics.written_messages;
CREATE VIEW crm_metrics.written_messages AS
SELECT coalesce(m.conversation_id::text, 'message ' || m.id) AS conversation_id, m.created_at, m.xmin AS written_by
FROM messages m
CROSS JOIN (SELECT) AS read_only;

-- Whoever reads what is noted reads this.
DO $$
DECLARE
  who text;
BEGIN
  REVOKE ALL ON crm_metrics.written_messages FROM PUBLIC;
  FOR who IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON crm_metrics.written_messages FROM %I', who);
  END LOOP;
  FOR who IN
    SELECT a.grantee::regrole::text
    FROM pg_class c
    CROSS JOIN aclexplode(c.relacl) a
    WHERE c.oid = 'crm_metrics.changes'::regclass
      AND a.privilege_type = 'SELECT'
      AND a.grantee <> 0
      AND a.grantee <> c.relowner
  LOOP
    EXECUTE format('GRANT SELECT ON crm_metrics.written_messages TO %s', who);
  END LOOP;
END
$$;

-- Either row of one that counts elsewhere or as something else now; and of those whose fate changed the minute, with the
-- conversation where one statement changes few. What else an update writes (its content) is nobody's business.
CREATE OR REPLACE FUNCTION crm_metrics.note_message_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'message_changed', coalesce(v.conversation_id::text, 'message ' || v.id), v.created_at AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (
    VALUES (o.id, o.conversation_id, o.created_at), (n.id, n.conversation_id, n.created_at)
  ) v (id, conversation_id, created_at)
  WHERE (o.id, o.conversation_id, o.direction, o.sender_type, o.campaign_id, o.created_at)
      IS DISTINCT FROM (n.id, n.conversation_id, n.direction, n.sender_type, n.campaign_id, n.created_at)
    AND v.created_at IS NOT NULL
  UNION
  SELECT 'delivery', CASE WHEN many.updated <= 100 THEN coalesce(n.conversation_id::text, 'message ' || n.id) END,
    date_trunc('minute', n.created_at) AT TIME ZONE 'UTC'
  FROM old_rows o
  JOIN new_rows n ON n.id = o.id
  CROSS JOIN (SELECT count(*) AS updated FROM new_rows) many
  WHERE (o.delivery_status, o.sent_at, o.delivered_at, o.read_at, o.failed_at, o.failed_reason)
      IS DISTINCT FROM (n.delivery_status, n.sent_at, n.delivered_at, n.read_at, n.failed_at, n.failed_reason);
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_message_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_message_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_message_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'message_deleted', coalesce(o.conversation_id::text, 'message ' || o.id), o.created_at AT TIME ZONE 'UTC'
  FROM old_rows o;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_message_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_message_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Conversations: when they were created, and when resolved --------------------------------------------------------------

CREATE OR REPLACE FUNCTION crm_metrics.note_conversation_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'conversation', n.id::text, n.created_at AT TIME ZONE 'UTC'
  FROM new_rows n
  UNION ALL
  SELECT 'resolution', n.id::text, n.resolved_at AT TIME ZONE 'UTC'
  FROM new_rows n
  WHERE n.resolved_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_conversation_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_conversation_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- A resolution is its agent's, and its length begins where the conversation does.
CREATE OR REPLACE FUNCTION crm_metrics.note_conversation_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'conversation', v.id::text, v.created_at AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.id, o.created_at), (n.id, n.created_at)) v (id, created_at)
  WHERE (o.id, o.contact_id, o.assigned_agent_id, o.created_at, o.escalated_at)
      IS DISTINCT FROM (n.id, n.contact_id, n.assigned_agent_id, n.created_at, n.escalated_at)
    AND v.created_at IS NOT NULL
  UNION
  SELECT 'resolution', v.id::text, v.resolved_at AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.id, o.resolved_at), (n.id, n.resolved_at)) v (id, resolved_at)
  WHERE (o.id, o.assigned_agent_id, o.created_at, o.resolved_at)
      IS DISTINCT FROM (n.id, n.assigned_agent_id, n.created_at, n.resolved_at)
    AND v.resolved_at IS NOT NULL
  UNION
  SELECT changed.entity, n.id::text, n.created_at AT TIME ZONE 'UTC'
  FROM old_rows o
  JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (
    VALUES
      ('outcome', o.resolved_at IS DISTINCT FROM n.resolved_at),
      ('rating', o.csat_score IS DISTINCT FROM n.csat_score)
  ) changed (entity, has)
  WHERE changed.has
  UNION
  SELECT 'contact', o.contact_id::text, o.created_at AT TIME ZONE 'UTC'
  FROM old_rows o
  LEFT JOIN new_rows n ON n.id = o.id
  WHERE o.contact_id IS DISTINCT FROM n.contact_id
    AND o.contact_id IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_conversation_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_conversation_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_conversation_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'conversation_deleted', o.id::text, o.created_at AT TIME ZONE 'UTC'
  FROM old_rows o
  UNION ALL
  SELECT 'resolution', o.id::text, o.resolved_at AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.resolved_at IS NOT NULL
  UNION ALL
  SELECT 'contact_deleted', o.contact_id::text, o.created_at AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.contact_id IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_conversation_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_conversation_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Recipients of campaigns: their message, and whether they converted --------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION crm_metrics.note_recipient_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id)
  SELECT 'recipient', n.message_id::text
  FROM new_rows n
  WHERE n.message_id IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_recipient_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_recipient_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_recipient_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id)
  SELECT DISTINCT 'recipient', v.message_id::text
  FROM old_rows o
  FULL JOIN new_rows n ON n.campaign_id = o.campaign_id AND n.contact_id = o.contact_id
  CROSS JOIN LATERAL (VALUES (o.message_id), (n.message_id)) v (message_id)
  WHERE (o.campaign_id, o.contact_id, o.message_id, o.converted_at, o.status = 'converted')
      IS DISTINCT FROM (n.campaign_id, n.contact_id, n.message_id, n.converted_at, n.status = 'converted')
    AND v.message_id IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_recipient_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_recipient_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_recipient_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id)
  SELECT 'recipient', o.message_id::text
  FROM old_rows o
  WHERE o.message_id IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_recipient_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_recipient_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Intents: when they were detected, and in which conversation ----------------------------------------------------------

CREATE OR REPLACE FUNCTION crm_metrics.note_intent_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'intent', n.conversation_id::text, n.detected_at AT TIME ZONE 'UTC'
  FROM new_rows n
  WHERE n.detected_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_intent_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_intent_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_intent_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT DISTINCT 'intent', v.conversation_id::text, v.detected_at AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.conversation_id, o.detected_at), (n.conversation_id, n.detected_at)) v (conversation_id, detected_at)
  WHERE (o.conversation_id, o.intent, o.succeeded, o.detected_at) IS DISTINCT FROM (n.conversation_id, n.intent, n.succeeded, n.detected_at)
    AND v.detected_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_intent_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_intent_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_intent_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'intent_deleted', o.conversation_id::text, o.detected_at AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.detected_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_intent_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_intent_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Leads: the contact, and when it became one ---------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION crm_metrics.note_lead_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'lead', n.id::text, n.lead_at AT TIME ZONE 'UTC'
  FROM new_rows n
  WHERE n.lead_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_lead_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_lead_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_lead_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT DISTINCT 'lead', v.id::text, v.lead_at AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.id, o.lead_at), (n.id, n.lead_at)) v (id, lead_at)
  WHERE (o.id, o.lead_at, o.lead_agent_id) IS DISTINCT FROM (n.id, n.lead_at, n.lead_agent_id)
    AND v.lead_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_lead_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_lead_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_lead_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'lead_deleted', o.id::text, o.lead_at AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.lead_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_lead_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_lead_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Tickets: their contact, and when they were resolved ------------------------------------------------------------------

CREATE OR REPLACE FUNCTION crm_metrics.note_ticket_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'ticket', n.contact_id::text, n.resolved_at AT TIME ZONE 'UTC'
  FROM new_rows n
  WHERE n.resolved_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_ticket_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_ticket_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_ticket_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT DISTINCT 'ticket', v.contact_id::text, v.resolved_at AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.contact_id, o.resolved_at), (n.contact_id, n.resolved_at)) v (contact_id, resolved_at)
  WHERE (o.contact_id, o.assigned_agent_id, o.resolved_at) IS DISTINCT FROM (n.contact_id, n.assigned_agent_id, n.resolved_at)
    AND v.resolved_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_ticket_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_ticket_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_ticket_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'ticket_deleted', o.contact_id::text, o.resolved_at AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.resolved_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_ticket_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_ticket_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Presence: the agent, and since when the spans tell something else ----------------------------------------------------

CREATE OR REPLACE FUNCTION crm_metrics.note_presence_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'presence', n.agent_id::text, n.started_at AT TIME ZONE 'UTC'
  FROM new_rows n;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_presence_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_presence_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_presence_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT DISTINCT
    'presence',
    v.agent_id::text,
    CASE
      WHEN (o.agent_id, o.status, o.started_at) IS DISTINCT FROM (n.agent_id, n.status, n.started_at) THEN v.started_at AT TIME ZONE 'UTC'
      ELSE least(o.ended_at AT TIME ZONE 'UTC', n.ended_at AT TIME ZONE 'UTC')
    END
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.agent_id, o.started_at), (n.agent_id, n.started_at)) v (agent_id, started_at)
  WHERE (o.agent_id, o.status, o.started_at, o.ended_at)
      IS DISTINCT FROM (n.agent_id, n.status, n.started_at, n.ended_at)
    AND v.started_at IS NOT NULL;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_presence_update: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_presence_update: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_presence_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'presence_deleted', o.agent_id::text, o.started_at AT TIME ZONE 'UTC'
  FROM old_rows o;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_presence_delete: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_presence_delete: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- Tables that were emptied, and the triggers ---------------------------------------------------------------------------

-- Of a table that was emptied nobody knows what was in it.
CREATE OR REPLACE FUNCTION crm_metrics.note_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.rescans (reason) VALUES (format('%I.%I was truncated', TG_TABLE_SCHEMA, TG_TABLE_NAME));
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_truncate: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_truncate: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

-- ENABLE ALWAYS: a session that disables triggers for a bulk load (session_replication_role) is noted, too.
DROP TRIGGER IF EXISTS crm_metrics_insert ON messages;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON messages FOR EACH ROW
  WHEN (
    NEW.xmin <> pg_current_xact_id()::xid
    OR NEW.created_at < (clock_timestamp() AT TIME ZONE 'UTC') - interval '10 seconds'
  )
  EXECUTE FUNCTION crm_metrics.note_message_insert();
ALTER TABLE messages ENABLE ALWAYS TRIGGER crm_metrics_insert;
-- One that a savepoint has changed bears its number: it is noted as if it had come.
DROP TRIGGER IF EXISTS crm_metrics_savepoint ON messages;
CREATE TRIGGER crm_metrics_savepoint AFTER UPDATE ON messages FOR EACH ROW
  WHEN (NEW.xmin <> pg_current_xact_id()::xid)
  EXECUTE FUNCTION crm_metrics.note_message_insert();
ALTER TABLE messages ENABLE ALWAYS TRIGGER crm_metrics_savepoint;
DROP TRIGGER IF EXISTS crm_metrics_update ON messages;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON messages
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_message_update();
ALTER TABLE messages ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON messages;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON messages
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_message_delete();
ALTER TABLE messages ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON messages;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON messages
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE messages ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON conversations;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON conversations
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_conversation_insert();
ALTER TABLE conversations ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON conversations;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON conversations
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_conversation_update();
ALTER TABLE conversations ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON conversations;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON conversations
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_conversation_delete();
ALTER TABLE conversations ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON conversations;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON conversations
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE conversations ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON campaign_recipients;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON campaign_recipients
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_recipient_insert();
ALTER TABLE campaign_recipients ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON campaign_recipients;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON campaign_recipients
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_recipient_update();
ALTER TABLE campaign_recipients ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON campaign_recipients;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON campaign_recipients
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_recipient_delete();
ALTER TABLE campaign_recipients ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON campaign_recipients;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON campaign_recipients
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE campaign_recipients ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON conversation_intents;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON conversation_intents
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_intent_insert();
ALTER TABLE conversation_intents ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON conversation_intents;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON conversation_intents
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_intent_update();
ALTER TABLE conversation_intents ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON conversation_intents;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON conversation_intents
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_intent_delete();
ALTER TABLE conversation_intents ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON conversation_intents;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON conversation_intents
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE conversation_intents ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON contacts;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON contacts
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_lead_insert();
ALTER TABLE contacts ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON contacts;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON contacts
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_lead_update();
ALTER TABLE contacts ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON contacts;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON contacts
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_lead_delete();
ALTER TABLE contacts ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON contacts;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON contacts
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE contacts ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON tickets;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON tickets
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_ticket_insert();
ALTER TABLE tickets ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON tickets;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON tickets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_ticket_update();
ALTER TABLE tickets ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON tickets;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON tickets
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_ticket_delete();
ALTER TABLE tickets ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON tickets;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON tickets
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE tickets ENABLE ALWAYS TRIGGER crm_metrics_truncate;

-- The CRM's own spans; leave these out where it has none.
DROP TRIGGER IF EXISTS crm_metrics_insert ON agent_activity_logs;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON agent_activity_logs
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_insert();
ALTER TABLE agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON agent_activity_logs;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON agent_activity_logs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_update();
ALTER TABLE agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON agent_activity_logs;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON agent_activity_logs
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_delete();
ALTER TABLE agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON agent_activity_logs;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON agent_activity_logs
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_truncate;

-- And those that note_presence makes.
DROP TRIGGER IF EXISTS crm_metrics_insert ON crm_metrics.agent_activity_logs;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON crm_metrics.agent_activity_logs
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_insert();
ALTER TABLE crm_metrics.agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON crm_metrics.agent_activity_logs;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON crm_metrics.agent_activity_logs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_update();
ALTER TABLE crm_metrics.agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON crm_metrics.agent_activity_logs;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON crm_metrics.agent_activity_logs
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_delete();
ALTER TABLE crm_metrics.agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON crm_metrics.agent_activity_logs;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON crm_metrics.agent_activity_logs
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE crm_metrics.agent_activity_logs ENABLE ALWAYS TRIGGER crm_metrics_truncate;

-- Presence: the word on an agent's profile becomes spans ----------------------------------------------------------------

-- A span that ended in the instant in which it began (two words in one transaction) leaves no trace. The same presence under
-- another word goes on. A profile that is gone ends its span.
CREATE OR REPLACE FUNCTION crm_metrics.note_presence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
  since timestamp := now() AT TIME ZONE 'UTC';
  agent uuid;
  presence text;
  open record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    agent := OLD.id;
  ELSE
    agent := NEW.id;
    presence := CASE
      WHEN NEW.status IN ('online', 'available', 'busy') THEN 'online'
      WHEN NEW.status IN ('away', 'idle') THEN 'away'
      ELSE 'offline'
    END;
  END IF;
  SELECT * INTO open FROM crm_metrics.agent_activity_logs l WHERE l.agent_id = agent AND l.ended_at IS NULL;
  IF open.status = presence THEN
    RETURN NULL;
  ELSIF open.started_at >= since THEN
    since := open.started_at;
    DELETE FROM crm_metrics.agent_activity_logs l WHERE l.id = open.id;
  ELSE
    UPDATE crm_metrics.agent_activity_logs l
    SET ended_at = since, duration_seconds = extract(epoch FROM since - l.started_at)
    WHERE l.id = open.id;
  END IF;
  IF presence IS NOT NULL THEN
    INSERT INTO crm_metrics.agent_activity_logs (agent_id, status, started_at) VALUES (agent, presence, since);
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE LOG 'crm_metrics.note_presence: %', SQLERRM;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS crm_metrics_presence ON profiles;
CREATE TRIGGER crm_metrics_presence AFTER INSERT OR DELETE ON profiles
  FOR EACH ROW EXECUTE FUNCTION crm_metrics.note_presence();
DROP TRIGGER IF EXISTS crm_metrics_presence_changed ON profiles;
CREATE TRIGGER crm_metrics_presence_changed AFTER UPDATE OF status ON profiles
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION crm_metrics.note_presence();

-- What was written while there were no triggers nobody knows: all that has been stored is counted again.
INSERT INTO crm_metrics.rescans (reason)
SELECT 'changes.sql was applied'
FROM crm_metrics.rollup_state s
WHERE s.steps > 0;
