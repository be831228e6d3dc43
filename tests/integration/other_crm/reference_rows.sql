-- The reference CRM's tables once more, as views that write into the other CRM what the tests say of the reference one:
-- the same INSERT, UPDATE and DELETE make the same story in either. Only this file knows both. What the other CRM cannot
-- keep is lost on the way, as it would be there: of a delivery its instant, of a reopening that it was resolved.
CREATE SEQUENCE desk.ids;

-- A test's uuid (support/rows.h) has 32 bits at either end: together they are a number, and back.
CREATE FUNCTION desk.id_of(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT ('x' || left(id::text, 8) || right(id::text, 8))::bit(64)::bigint
$$;
CREATE FUNCTION desk.uuid_of(id bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(id >> 32 & 4294967295), 8, '0') || '-0000-4000-8000-0000' || lpad(to_hex(id & 4294967295), 8, '0'))::uuid
$$;
CREATE FUNCTION desk.chat_of(id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'chat ' || desk.id_of(id) $$;
CREATE FUNCTION desk.uuid_of_chat(chat_key text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT desk.uuid_of(substr(chat_key, 6)::bigint)
$$;

-- Time columns of the reference CRM have no zone and hold UTC.
CREATE FUNCTION desk.aware(t timestamp) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT t AT TIME ZONE 'UTC' $$;
CREATE FUNCTION desk.naive(t timestamptz) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$ SELECT t AT TIME ZONE 'UTC' $$;
CREATE FUNCTION desk.now() RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT now() AT TIME ZONE 'UTC' $$;

-- What one CRM says for the other's word, in both directions; the word itself where neither knows it.
CREATE FUNCTION desk.translated(word text, dictionary jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(dictionary ->> word, word)
$$;
CREATE FUNCTION desk.kinds() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"agent": "operator", "supervisor": "lead", "admin": "manager", "owner": "boss",
           "operator": "agent", "lead": "supervisor", "manager": "admin", "boss": "owner"}'::jsonb
$$;
CREATE FUNCTION desk.presences() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"online": "available", "away": "idle", "offline": "gone",
           "available": "online", "idle": "away", "gone": "offline"}'::jsonb
$$;
CREATE FUNCTION desk.ways() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"inbound": "in", "outbound": "out",
           "in": "inbound", "out": "outbound"}'::jsonb
$$;
CREATE FUNCTION desk.authors() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"customer": "client", "agent": "operator", "bot": "robot", "system": "service",
           "client": "customer", "operator": "agent", "robot": "bot", "service": "system"}'::jsonb
$$;
CREATE FUNCTION desk.states() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"pending": "queued", "sent": "accepted", "read": "seen", "failed": "error",
           "queued": "pending", "accepted": "sent", "seen": "read", "error": "failed"}'::jsonb
$$;
CREATE FUNCTION desk.urgencies() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"low": "1", "medium": "2", "high": "3", "urgent": "4",
           "1": "low", "2": "medium", "3": "high", "4": "urgent"}'::jsonb
$$;
CREATE FUNCTION desk.phone_states() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"connected": "CONNECTED", "reconnecting": "OPENING", "disconnected": "UNPAIRED",
           "CONNECTED": "connected", "OPENING": "reconnecting", "UNPAIRED": "disconnected"}'::jsonb
$$;

CREATE VIEW profiles AS
SELECT
  desk.uuid_of(id) AS id, display_name AS full_name, desk.translated(kind, desk.kinds()) AS role, active AS is_active,
  NULL::timestamp AS created_at
FROM desk.users
WHERE account = 1 AND deleted_at IS NULL;

CREATE FUNCTION desk.write_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE desk.users SET deleted_at = now() WHERE id = desk.id_of(OLD.id);
    RETURN OLD;
  END IF;
  INSERT INTO desk.users (id, account, display_name, kind, active)
  VALUES (coalesce(desk.id_of(NEW.id), nextval('desk.ids')), 1, NEW.full_name, desk.translated(NEW.role, desk.kinds()), NEW.is_active)
  ON CONFLICT (id) DO UPDATE
  SET display_name = excluded.display_name, kind = excluded.kind, active = excluded.active, deleted_at = NULL;
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON profiles FOR EACH ROW EXECUTE FUNCTION desk.write_profile();

-- A team for each who leads one.
CREATE VIEW team_members AS
SELECT desk.uuid_of(team_id) AS supervisor_id, desk.uuid_of(user_id) AS agent_id
FROM desk.team_users
WHERE account = 1 AND NOT leads;

CREATE FUNCTION desk.write_team_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM desk.team_users
    WHERE team_id = desk.id_of(OLD.supervisor_id) AND user_id = desk.id_of(OLD.agent_id) AND NOT leads;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.team_users (account, team_id, user_id, leads)
  VALUES
    (1, desk.id_of(NEW.supervisor_id), desk.id_of(NEW.supervisor_id), true),
    (1, desk.id_of(NEW.supervisor_id), desk.id_of(NEW.agent_id), false)
  ON CONFLICT DO NOTHING;
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON team_members FOR EACH ROW EXECUTE FUNCTION desk.write_team_member();

CREATE VIEW agent_activity_logs AS
SELECT
  desk.uuid_of(id) AS id, desk.uuid_of(user_id) AS agent_id, desk.translated(presence, desk.presences()) AS status,
  desk.naive(since) AS started_at, until AS ended_at, NULL::integer AS duration_seconds, NULL::timestamp AS created_at
FROM desk.presence
WHERE account = 1;

CREATE FUNCTION desk.write_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.presence WHERE id = desk.id_of(OLD.id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.presence (account, user_id, presence, since, until)
  VALUES (1, desk.id_of(NEW.agent_id), desk.translated(NEW.status, desk.presences()), desk.aware(NEW.started_at), NEW.ended_at);
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON agent_activity_logs FOR EACH ROW EXECUTE FUNCTION desk.write_activity();

CREATE VIEW contacts AS
SELECT
  desk.uuid_of(id) AS id, name, phone, added AS created_at, desk.naive(lead_on) AS lead_at, desk.uuid_of(won_by) AS lead_agent_id
FROM desk.people
WHERE account = 1;

CREATE FUNCTION desk.write_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.people WHERE id = desk.id_of(OLD.id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.people (id, account, name, phone, added, lead_on, won_by)
  VALUES (coalesce(desk.id_of(NEW.id), nextval('desk.ids')), 1, NEW.name, NEW.phone, coalesce(NEW.created_at, desk.now()),
          desk.aware(NEW.lead_at), desk.id_of(NEW.lead_agent_id));
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON contacts FOR EACH ROW EXECUTE FUNCTION desk.write_contact();

CREATE VIEW conversations AS
SELECT
  desk.uuid_of_chat(chat_key) AS id, desk.uuid_of(person_id) AS contact_id, desk.uuid_of(user_id) AS assigned_agent_id,
  state AS status, desk.naive(started) AS created_at, desk.naive(handed_over) AS escalated_at,
  CASE WHEN state = 'closed' THEN closed END AS resolved_at, NULL::integer AS resolution_time_seconds,
  first_response_seconds AS first_response_time_seconds, stars::integer AS csat_score
FROM desk.chats
WHERE account = 1;

CREATE FUNCTION desk.write_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  closed_before timestamp;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM desk.chats WHERE chat_key = desk.chat_of(OLD.id) RETURNING closed INTO closed_before;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.chats (chat_key, account, person_id, user_id, state, started, closed, handed_over, first_response_seconds, stars)
  VALUES (coalesce(desk.chat_of(NEW.id), 'chat ' || nextval('desk.ids')), 1, desk.id_of(NEW.contact_id),
          desk.id_of(NEW.assigned_agent_id), CASE WHEN NEW.resolved_at IS NULL THEN 'open' ELSE 'closed' END,
          desk.aware(coalesce(NEW.created_at, desk.now())), coalesce(NEW.resolved_at, closed_before),
          desk.aware(NEW.escalated_at), 1, NEW.csat_score);
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON conversations FOR EACH ROW EXECUTE FUNCTION desk.write_conversation();

CREATE VIEW messages AS
SELECT
  desk.uuid_of(id) AS id, desk.uuid_of_chat(chat_key) AS conversation_id, desk.uuid_of(broadcast_id) AS campaign_id,
  desk.translated(way, desk.ways()) AS direction, desk.translated(author, desk.authors()) AS sender_type,
  desk.uuid_of(user_id) AS sender_id, phone AS recipient, body AS content,
  desk.translated(state, desk.states()) AS delivery_status, written AS created_at, desk.naive(accepted) AS sent_at,
  NULL::timestamp AS delivered_at, seen AS read_at, desk.naive(error) AS failed_at, error_text AS failed_reason
FROM desk.chat_messages
WHERE account = 1;

CREATE FUNCTION desk.write_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.chat_messages WHERE id = desk.id_of(OLD.id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.chat_messages (id, account, chat_key, broadcast_id, way, author, user_id, phone, body, state, written,
                                  accepted, seen, error, error_text)
  VALUES (coalesce(desk.id_of(NEW.id), nextval('desk.ids')), 1, desk.chat_of(NEW.conversation_id), desk.id_of(NEW.campaign_id),
          desk.translated(NEW.direction, desk.ways()), desk.translated(NEW.sender_type, desk.authors()), desk.id_of(NEW.sender_id),
          NEW.recipient, NEW.content,
          CASE
            WHEN NEW.direction = 'inbound' OR (NEW.delivered_at IS NOT NULL AND NEW.delivery_status <> 'read') THEN 'delivered'
            ELSE desk.translated(coalesce(NEW.delivery_status, 'pending'), desk.states())
          END,
          coalesce(NEW.created_at, desk.now()), desk.aware(NEW.sent_at), NEW.read_at, desk.aware(NEW.failed_at),
          NEW.failed_reason);
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON messages FOR EACH ROW EXECUTE FUNCTION desk.write_message();

CREATE VIEW tickets AS
SELECT
  desk.uuid_of(id) AS id, desk.uuid_of(person_id) AS contact_id, desk.uuid_of_chat(chat_key) AS conversation_id,
  desk.uuid_of(user_id) AS assigned_agent_id, title AS subject, desk.translated(urgency::text, desk.urgencies()) AS priority,
  opened AS created_at, desk.naive(done) AS resolved_at
FROM desk.cases
WHERE account = 1;

CREATE FUNCTION desk.write_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.cases WHERE id = desk.id_of(OLD.id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.cases (id, account, person_id, chat_key, user_id, title, urgency, opened, done)
  VALUES (coalesce(desk.id_of(NEW.id), nextval('desk.ids')), 1, desk.id_of(NEW.contact_id), desk.chat_of(NEW.conversation_id),
          desk.id_of(NEW.assigned_agent_id), NEW.subject,
          -- 9: a word that neither CRM knows
          coalesce(nullif(desk.translated(coalesce(NEW.priority, 'medium'), desk.urgencies()), NEW.priority), '9')::smallint,
          coalesce(NEW.created_at, desk.now()), desk.aware(NEW.resolved_at));
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION desk.write_ticket();

CREATE VIEW campaigns AS
SELECT desk.uuid_of(id) AS id, title AS name, desk.naive(created) AS created_at
FROM desk.broadcasts
WHERE account = 1;

CREATE FUNCTION desk.write_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.broadcasts WHERE id = desk.id_of(OLD.id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.broadcasts (id, account, title, created)
  VALUES (coalesce(desk.id_of(NEW.id), nextval('desk.ids')), 1, NEW.name, desk.aware(coalesce(NEW.created_at, desk.now())));
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON campaigns FOR EACH ROW EXECUTE FUNCTION desk.write_campaign();

CREATE VIEW campaign_recipients AS
SELECT
  desk.uuid_of(broadcast_id) AS campaign_id, desk.uuid_of(person_id) AS contact_id, desk.uuid_of(message_id) AS message_id,
  desk.uuid_of(user_id) AS assigned_agent_id, desk.translated(state, desk.states()) AS status, sent AS sent_at,
  desk.naive(converted) AS converted_at
FROM desk.broadcast_targets
WHERE account = 1;

CREATE FUNCTION desk.write_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM desk.broadcast_targets
    WHERE broadcast_id = desk.id_of(OLD.campaign_id) AND person_id = desk.id_of(OLD.contact_id);
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.broadcast_targets (account, broadcast_id, person_id, message_id, user_id, state, sent, converted)
  VALUES (1, desk.id_of(NEW.campaign_id), desk.id_of(NEW.contact_id), desk.id_of(NEW.message_id),
          desk.id_of(NEW.assigned_agent_id), desk.translated(coalesce(NEW.status, 'pending'), desk.states()), NEW.sent_at,
          desk.aware(NEW.converted_at));
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON campaign_recipients FOR EACH ROW EXECUTE FUNCTION desk.write_recipient();

CREATE VIEW conversation_intents AS
SELECT
  desk.uuid_of(id) AS id, desk.uuid_of_chat(chat_key) AS conversation_id, label AS intent, outcome = 'solved' AS succeeded,
  desk.naive(noticed) AS detected_at
FROM desk.intents
WHERE account = 1;

CREATE FUNCTION desk.write_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.intents WHERE id = desk.id_of(OLD.id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.intents (account, chat_key, label, outcome, noticed)
  VALUES (1, desk.chat_of(NEW.conversation_id), NEW.intent, CASE NEW.succeeded WHEN true THEN 'solved' WHEN false THEN 'unsolved' END,
          desk.aware(coalesce(NEW.detected_at, desk.now())));
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON conversation_intents FOR EACH ROW EXECUTE FUNCTION desk.write_intent();

CREATE VIEW whatsapp_sessions AS
SELECT device AS session_id, number AS phone_number, desk.translated(state, desk.phone_states()) AS status, desk.naive(last_sign) AS last_seen
FROM desk.phones
WHERE account = 1;

CREATE FUNCTION desk.write_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM desk.phones WHERE device = OLD.session_id; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  INSERT INTO desk.phones (device, account, number, state, last_sign)
  VALUES (NEW.session_id, 1, NEW.phone_number, desk.translated(NEW.status, desk.phone_states()), desk.aware(NEW.last_seen));
  RETURN NEW;
END
$$;
CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE OR DELETE ON whatsapp_sessions FOR EACH ROW EXECUTE FUNCTION desk.write_session();
