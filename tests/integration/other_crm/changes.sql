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
  SELECT 'message', v.chat_key, v.written AT TIME ZONE 'UTC'
  FROM old_rows o
  FULL JOIN new_rows n ON n.id = o.id
  CROSS JOIN LATERAL (
    VALUES (o.account, o.chat_key, o.written), (n.account, n.chat_key, n.written)
  ) v (account, chat_key, written)
  WHERE (o.id, o.account, o.chat_key, o.way, o.author, o.broadcast_id, o.written)
      IS DISTINCT FROM (n.id, n.account, n.chat_key, n.way, n.author, n.broadcast_id, n.written)
    AND v.account = 1
  UNION
  SELECT 'delivery', NULL, date_trunc('minute', n.written) AT TIME ZONE 'UTC'
  FROM old_rows o
  JOIN new_rows n ON n.id = o.id
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
      o.stars IS DISTINCT FROM n.stars AS rated
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
    AND p.old_key IS NOT NULL;
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
    AND o.closed IS NOT NULL;
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
  WHERE (o.account, o.message_id) IS DISTINCT FROM (n.account, n.message_id)
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

INSERT INTO crm_metrics.rescans (reason)
SELECT 'changes.sql was applied'
FROM crm_metrics.rollup_state s
WHERE s.steps > 0;
