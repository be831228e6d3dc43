-- The source contract over the reference CRM: all that the daemon reads. See README.md for how to write your own.
-- Columns are passed through as they are: the planner inlines such views, so every index of the base tables serves.
BEGIN;

CREATE SCHEMA IF NOT EXISTS crm_source;

CREATE OR REPLACE VIEW crm_source.agents AS
SELECT id AS agent_id, full_name AS agent_name, role::text AS role, is_active
FROM profiles;

CREATE OR REPLACE VIEW crm_source.team_members AS
SELECT supervisor_id, agent_id
FROM team_members;

CREATE OR REPLACE VIEW crm_source.agent_status AS
SELECT agent_id, status::text AS status, started_at, ended_at
FROM agent_activity_logs;

CREATE OR REPLACE VIEW crm_source.contacts AS
SELECT id AS contact_id, created_at, lead_at, lead_agent_id
FROM contacts;

CREATE OR REPLACE VIEW crm_source.conversations AS
SELECT
  id AS conversation_id, contact_id, assigned_agent_id AS agent_id,
  created_at, resolved_at, escalated_at, csat_score AS satisfaction_score
FROM conversations;

CREATE OR REPLACE VIEW crm_source.messages AS
SELECT
  id AS message_id, conversation_id, direction::text AS direction, sender_type::text AS sender_type,
  sender_id AS sender_agent_id, recipient, delivery_status::text AS delivery_status,
  created_at, sent_at, delivered_at, read_at, failed_at, failed_reason, campaign_id
FROM messages;

CREATE OR REPLACE VIEW crm_source.tickets AS
SELECT
  id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id,
  priority::text AS priority, created_at, resolved_at
FROM tickets;

CREATE OR REPLACE VIEW crm_source.campaigns AS
SELECT id AS campaign_id, name AS campaign_name, created_at
FROM campaigns;

CREATE OR REPLACE VIEW crm_source.campaign_recipients AS
SELECT campaign_id, contact_id, message_id, assigned_agent_id AS agent_id, status::text AS status, sent_at, converted_at
FROM campaign_recipients;

CREATE OR REPLACE VIEW crm_source.bot_intents AS
SELECT conversation_id, intent, succeeded, detected_at
FROM conversation_intents;

CREATE OR REPLACE VIEW crm_source.whatsapp_sessions AS
SELECT session_id, phone_number, status::text AS status, last_seen
FROM whatsapp_sessions;

COMMIT;
