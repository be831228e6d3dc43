-- The change feed over the other CRM's tables, for account 1: what other accounts write is nobody's business. Words and times
-- are as views.sql reads them. See config/source/reference/changes.sql, which says what each note means.

CREATE OR REPLACE FUNCTION crm_metrics.note_message_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'message', n.chat_key, n.written AT TIME ZONE 'UTC'
  FROM new_rows n
  WHERE n.account = 1;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  BEGIN
    INSERT INTO crm_metrics.rescans (reason) VALUES (left('note_message_insert: ' || SQLERRM, 500));
  EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'crm_metrics.note_message_insert: %', SQLERRM;
  END;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_metrics.note_message_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'message_changed', v.chat_key, v.written AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (
    VALUES (o.account, o.chat_key, o.written), (n.account, n.chat_key, n.written)
  ) v (account, chat_key, written)
  WHERE (o.id, o.account, o.chat_key, o.way, o.author, o.broadcast_id, o.written)
      IS DISTINCT FROM (n.id, n.account, n.chat_key, n.way, n.author, n.broadcast_id, n.written)
    AND v.account = 1
  UNION
  SELECT 'delivery', CASE WHEN many.updated <= 100 THEN n.chat_key END, date_trunc('minute', n.written) AT TIME ZONE 'UTC'
  FROM old_rows o
  JOIN new_rows n ON n.id = o.id
  CROSS JOIN (SELECT count(*) AS updated FROM new_rows) many
  WHERE (o.state, o.accepted, o.seen, o.error, o.error_text) IS DISTINCT FROM (n.state, n.accepted, n.seen, n.error, n.error_text)
    AND n.account = 1;
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
  SELECT 'message_deleted', o.chat_key, o.written AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.account = 1;
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

CREATE OR REPLACE FUNCTION crm_metrics.note_conversation_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'conversation', n.chat_key, n.started
  FROM new_rows n
  WHERE n.account = 1
  UNION ALL
  SELECT 'resolution', n.chat_key, n.closed AT TIME ZONE 'UTC'
  FROM new_rows n
  WHERE n.account = 1
    AND n.state = 'closed'
    AND n.closed IS NOT NULL;
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

-- It is resolved while its state is closed: an opened chat keeps the time at which it was closed before.
CREATE OR REPLACE FUNCTION crm_metrics.note_conversation_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  WITH pair AS (
    SELECT
      o.chat_key AS old_key, o.account AS old_account, o.user_id AS old_agent, o.started AS old_started,
      CASE WHEN o.state = 'closed' THEN o.closed END AS old_resolved,
      n.chat_key AS new_key, n.account AS new_account, n.user_id AS new_agent, n.started AS new_started,
      CASE WHEN n.state = 'closed' THEN n.closed END AS new_resolved,
      (o.account, o.person_id, o.user_id, o.started, o.handed_over)
        IS DISTINCT FROM (n.account, n.person_id, n.user_id, n.started, n.handed_over) AS other,
      o.stars IS DISTINCT FROM n.stars AS rated,
      CASE WHEN (o.account, o.person_id) IS DISTINCT FROM (n.account, n.person_id) THEN o.person_id END AS lost_by
    FROM old_rows o
    FULL JOIN new_rows n ON n.chat_key = o.chat_key
  )
  SELECT 'conversation', v.chat_key, v.started
  FROM pair p
  CROSS JOIN LATERAL (
    VALUES (p.old_account, p.old_key, p.old_started), (p.new_account, p.new_key, p.new_started)
  ) v (account, chat_key, started)
  WHERE p.other
    AND v.account = 1
  UNION
  SELECT 'resolution', v.chat_key, v.resolved AT TIME ZONE 'UTC'
  FROM pair p
  CROSS JOIN LATERAL (
    VALUES (p.old_account, p.old_key, p.old_resolved), (p.new_account, p.new_key, p.new_resolved)
  ) v (account, chat_key, resolved)
  WHERE (p.other OR p.old_resolved IS DISTINCT FROM p.new_resolved)
    AND v.account = 1
    AND v.resolved IS NOT NULL
  UNION
  SELECT changed.entity, p.new_key, p.new_started
  FROM pair p
  CROSS JOIN LATERAL (
    VALUES ('outcome', p.old_resolved IS DISTINCT FROM p.new_resolved), ('rating', p.rated)
  ) changed (entity, has)
  WHERE changed.has
    AND p.new_account = 1
    AND p.old_key IS NOT NULL
  UNION
  SELECT 'contact', p.lost_by::text, p.old_started
  FROM pair p
  WHERE p.old_account = 1
    AND p.lost_by IS NOT NULL;
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
  SELECT 'conversation_deleted', o.chat_key, o.started
  FROM old_rows o
  WHERE o.account = 1
  UNION ALL
  SELECT 'resolution', o.chat_key, o.closed AT TIME ZONE 'UTC'
  FROM old_rows o
  WHERE o.account = 1
    AND o.state = 'closed'
    AND o.closed IS NOT NULL
  UNION ALL
  SELECT 'contact_deleted', o.person_id::text, o.started
  FROM old_rows o
  WHERE o.account = 1
    AND o.person_id IS NOT NULL;
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

CREATE OR REPLACE FUNCTION crm_metrics.note_recipient_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id)
  SELECT 'recipient', n.message_id::text
  FROM new_rows n
  WHERE n.account = 1
    AND n.message_id IS NOT NULL;
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
  FULL JOIN new_rows n ON n.broadcast_id = o.broadcast_id AND n.person_id = o.person_id
  CROSS JOIN LATERAL (VALUES (o.account, o.message_id), (n.account, n.message_id)) v (account, message_id)
  WHERE (o.account, o.broadcast_id, o.person_id, o.message_id, o.converted, o.state = 'converted')
      IS DISTINCT FROM (n.account, n.broadcast_id, n.person_id, n.message_id, n.converted, n.state = 'converted')
    AND v.account = 1
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
  WHERE o.account = 1
    AND o.message_id IS NOT NULL;
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

CREATE OR REPLACE FUNCTION crm_metrics.note_intent_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'intent', n.chat_key::text, n.noticed
  FROM new_rows n
  WHERE n.noticed IS NOT NULL
    AND n.account = 1;
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
  SELECT DISTINCT 'intent', v.chat_key::text, v.noticed
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.account, o.chat_key, o.noticed), (n.account, n.chat_key, n.noticed)) v (account, chat_key, noticed)
  WHERE (o.account, o.chat_key, o.label, o.outcome, o.noticed) IS DISTINCT FROM (n.account, n.chat_key, n.label, n.outcome, n.noticed)
    AND v.noticed IS NOT NULL
    AND v.account = 1;
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
  SELECT 'intent_deleted', o.chat_key::text, o.noticed
  FROM old_rows o
  WHERE o.noticed IS NOT NULL
    AND o.account = 1;
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

CREATE OR REPLACE FUNCTION crm_metrics.note_lead_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'lead', n.id::text, n.lead_on
  FROM new_rows n
  WHERE n.lead_on IS NOT NULL
    AND n.account = 1;
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
  SELECT DISTINCT 'lead', v.id::text, v.lead_on
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.account, o.id, o.lead_on), (n.account, n.id, n.lead_on)) v (account, id, lead_on)
  WHERE (o.account, o.id, o.lead_on, o.won_by) IS DISTINCT FROM (n.account, n.id, n.lead_on, n.won_by)
    AND v.lead_on IS NOT NULL
    AND v.account = 1;
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
  SELECT 'lead_deleted', o.id::text, o.lead_on
  FROM old_rows o
  WHERE o.lead_on IS NOT NULL
    AND o.account = 1;
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

CREATE OR REPLACE FUNCTION crm_metrics.note_ticket_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'ticket', n.person_id::text, n.done
  FROM new_rows n
  WHERE n.done IS NOT NULL
    AND n.account = 1;
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
  SELECT DISTINCT 'ticket', v.person_id::text, v.done
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.account, o.person_id, o.done), (n.account, n.person_id, n.done)) v (account, person_id, done)
  WHERE (o.account, o.person_id, o.user_id, o.done) IS DISTINCT FROM (n.account, n.person_id, n.user_id, n.done)
    AND v.done IS NOT NULL
    AND v.account = 1;
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
  SELECT 'ticket_deleted', o.person_id::text, o.done
  FROM old_rows o
  WHERE o.done IS NOT NULL
    AND o.account = 1;
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

CREATE OR REPLACE FUNCTION crm_metrics.note_presence_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  INSERT INTO crm_metrics.changes (entity, id, at)
  SELECT 'presence', n.user_id::text, n.since
  FROM new_rows n
  WHERE n.account = 1;
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
    v.user_id::text,
    CASE
      WHEN (o.account, o.user_id, o.presence, o.since) IS DISTINCT FROM (n.account, n.user_id, n.presence, n.since) THEN v.since
      ELSE least(o.until AT TIME ZONE 'UTC', n.until AT TIME ZONE 'UTC')
    END
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (VALUES (o.account, o.user_id, o.since), (n.account, n.user_id, n.since)) v (account, user_id, since)
  WHERE (o.account, o.user_id, o.presence, o.since, o.until)
      IS DISTINCT FROM (n.account, n.user_id, n.presence, n.since, n.until)
    AND v.since IS NOT NULL
    AND v.account = 1;
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
  SELECT 'presence_deleted', o.user_id::text, o.since
  FROM old_rows o
  WHERE o.account = 1;
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

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.chat_messages;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.chat_messages
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_message_insert();
ALTER TABLE desk.chat_messages ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.chat_messages;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.chat_messages
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_message_update();
ALTER TABLE desk.chat_messages ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.chat_messages;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.chat_messages
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_message_delete();
ALTER TABLE desk.chat_messages ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.chat_messages;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.chat_messages
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.chat_messages ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.chats;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.chats
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_conversation_insert();
ALTER TABLE desk.chats ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.chats;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.chats
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_conversation_update();
ALTER TABLE desk.chats ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.chats;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.chats
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_conversation_delete();
ALTER TABLE desk.chats ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.chats;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.chats
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.chats ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.broadcast_targets;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.broadcast_targets
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_recipient_insert();
ALTER TABLE desk.broadcast_targets ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.broadcast_targets;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.broadcast_targets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_recipient_update();
ALTER TABLE desk.broadcast_targets ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.broadcast_targets;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.broadcast_targets
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_recipient_delete();
ALTER TABLE desk.broadcast_targets ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.broadcast_targets;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.broadcast_targets
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.broadcast_targets ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.intents;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.intents
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_intent_insert();
ALTER TABLE desk.intents ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.intents;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.intents
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_intent_update();
ALTER TABLE desk.intents ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.intents;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.intents
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_intent_delete();
ALTER TABLE desk.intents ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.intents;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.intents
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.intents ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.people;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.people
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_lead_insert();
ALTER TABLE desk.people ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.people;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.people
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_lead_update();
ALTER TABLE desk.people ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.people;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.people
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_lead_delete();
ALTER TABLE desk.people ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.people;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.people
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.people ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.cases;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.cases
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_ticket_insert();
ALTER TABLE desk.cases ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.cases;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.cases
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_ticket_update();
ALTER TABLE desk.cases ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.cases;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.cases
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_ticket_delete();
ALTER TABLE desk.cases ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.cases;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.cases
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.cases ENABLE ALWAYS TRIGGER crm_metrics_truncate;

DROP TRIGGER IF EXISTS crm_metrics_insert ON desk.presence;
CREATE TRIGGER crm_metrics_insert AFTER INSERT ON desk.presence
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_insert();
ALTER TABLE desk.presence ENABLE ALWAYS TRIGGER crm_metrics_insert;
DROP TRIGGER IF EXISTS crm_metrics_update ON desk.presence;
CREATE TRIGGER crm_metrics_update AFTER UPDATE ON desk.presence
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_update();
ALTER TABLE desk.presence ENABLE ALWAYS TRIGGER crm_metrics_update;
DROP TRIGGER IF EXISTS crm_metrics_delete ON desk.presence;
CREATE TRIGGER crm_metrics_delete AFTER DELETE ON desk.presence
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_presence_delete();
ALTER TABLE desk.presence ENABLE ALWAYS TRIGGER crm_metrics_delete;
DROP TRIGGER IF EXISTS crm_metrics_truncate ON desk.presence;
CREATE TRIGGER crm_metrics_truncate AFTER TRUNCATE ON desk.presence
  FOR EACH STATEMENT EXECUTE FUNCTION crm_metrics.note_truncate();
ALTER TABLE desk.presence ENABLE ALWAYS TRIGGER crm_metrics_truncate;

INSERT INTO crm_metrics.rescans (reason)
SELECT 'changes.sql was applied'
FROM crm_metrics.rollup_state s
WHERE s.steps > 0;
