-- The source contract over the other CRM, for account 1.
CREATE SCHEMA crm_source;

CREATE VIEW crm_source.agents AS
SELECT
  id AS agent_id,
  display_name AS agent_name,
  CASE kind
    WHEN 'operator' THEN 'agent' WHEN 'lead' THEN 'supervisor' WHEN 'manager' THEN 'admin' WHEN 'boss' THEN 'owner'
    ELSE kind
  END AS role,
  active AS is_active
FROM desk.users
WHERE account = 1 AND deleted_at IS NULL;

CREATE VIEW crm_source.team_members AS
SELECT l.user_id AS supervisor_id, m.user_id AS agent_id
FROM desk.team_users l
JOIN desk.team_users m ON m.team_id = l.team_id AND NOT m.leads
WHERE l.leads AND l.account = 1 AND m.account = 1;

CREATE VIEW crm_source.agent_status AS
SELECT
  user_id AS agent_id,
  CASE presence
    WHEN 'available' THEN 'online' WHEN 'busy' THEN 'online' WHEN 'idle' THEN 'away' ELSE 'offline'
  END AS status,
  since AS started_at,
  until AS ended_at
FROM desk.presence
WHERE account = 1;

CREATE VIEW crm_source.contacts AS
SELECT id AS contact_id, added AS created_at, lead_on AS lead_at, won_by AS lead_agent_id
FROM desk.people
WHERE account = 1;

CREATE VIEW crm_source.conversations AS
SELECT
  chat_key AS conversation_id,
  person_id AS contact_id,
  user_id AS agent_id,
  started AS created_at,
  CASE WHEN state = 'closed' THEN closed END AS resolved_at,
  handed_over AS escalated_at,
  stars AS satisfaction_score
FROM desk.chats
WHERE account = 1;

CREATE VIEW crm_source.messages AS
SELECT
  id AS message_id,
  chat_key AS conversation_id,
  CASE way WHEN 'in' THEN 'inbound' WHEN 'out' THEN 'outbound' ELSE way END AS direction,
  CASE author
    WHEN 'client' THEN 'customer' WHEN 'operator' THEN 'agent' WHEN 'robot' THEN 'bot' WHEN 'service' THEN 'system'
    ELSE author
  END AS sender_type,
  user_id AS sender_agent_id,
  phone AS recipient,
  CASE state
    WHEN 'queued' THEN 'pending' WHEN 'accepted' THEN 'sent' WHEN 'seen' THEN 'read' WHEN 'error' THEN 'failed'
    ELSE state
  END AS delivery_status,
  written AS created_at,
  accepted AS sent_at,
  NULL::timestamp AS delivered_at,
  seen AS read_at,
  error AS failed_at,
  error_text AS failed_reason,
  broadcast_id AS campaign_id
FROM desk.chat_messages
WHERE account = 1;

CREATE VIEW crm_source.tickets AS
SELECT
  id AS ticket_id,
  person_id AS contact_id,
  chat_key AS conversation_id,
  user_id AS agent_id,
  CASE urgency
    WHEN 1 THEN 'low' WHEN 2 THEN 'medium' WHEN 3 THEN 'high' WHEN 4 THEN 'urgent' ELSE urgency::text
  END AS priority,
  opened AS created_at,
  done AS resolved_at
FROM desk.cases
WHERE account = 1;

CREATE VIEW crm_source.campaigns AS
SELECT id AS campaign_id, title AS campaign_name, created AS created_at
FROM desk.broadcasts
WHERE account = 1;

CREATE VIEW crm_source.campaign_recipients AS
SELECT
  broadcast_id AS campaign_id, person_id AS contact_id, message_id, user_id AS agent_id, state AS status,
  sent AS sent_at, converted AS converted_at
FROM desk.broadcast_targets
WHERE account = 1;

CREATE VIEW crm_source.bot_intents AS
SELECT chat_key AS conversation_id, label AS intent, outcome = 'solved' AS succeeded, noticed AS detected_at
FROM desk.intents
WHERE account = 1;

CREATE VIEW crm_source.whatsapp_sessions AS
SELECT device AS session_id, number AS phone_number, state AS status, last_sign AS last_seen
FROM desk.phones
WHERE account = 1;
