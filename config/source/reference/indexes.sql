-- Indexes over the base tables: those of the design document, and those that the daemon's statements need besides.
-- Each statement stands alone: CONCURRENTLY lets the CRM write on, and must not run inside a transaction. psql runs this
-- file as it is. A build that was interrupted leaves an INVALID index behind: drop it and run the file again.
SET lock_timeout = '2s';

-- The design document's.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_status_date ON conversations (status, created_at DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_agent_date ON conversations (assigned_agent_id, created_at DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_status_date ON messages (delivery_status, created_at DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_conversation ON messages (conversation_id, created_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_agent_activity_agent_date ON agent_activity_logs (agent_id, started_at DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_agent_activity_date ON agent_activity_logs (started_at DESC);

-- Who is there now, and until when somebody was.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_agent_activity_ended ON agent_activity_logs (agent_id, ended_at DESC);

-- Messages of a window; the failed ones of a window, and newest failure first, page by page; those of a campaign; and, where
-- the messages themselves are the queue (no BullMQ), those that left it just now.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_date ON messages (created_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_failed ON messages (created_at, id)
  WHERE failed_at IS NOT NULL OR delivery_status = 'failed';
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_failure
  ON messages ((CASE WHEN failed_at > created_at THEN failed_at ELSE created_at END), id)
  INCLUDE (conversation_id, created_at, failed_at)
  WHERE failed_at IS NOT NULL OR delivery_status = 'failed';
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_sent ON messages (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_messages_campaign ON messages (campaign_id, created_at)
  WHERE campaign_id IS NOT NULL;

-- Conversations of a window, resolved in a window, open now, and the first of a contact.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_date ON conversations (created_at) INCLUDE (contact_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_resolved ON conversations (resolved_at)
  INCLUDE (created_at, assigned_agent_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_open ON conversations (created_at) INCLUDE (assigned_agent_id)
  WHERE resolved_at IS NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_contact ON conversations (contact_id, created_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_agent ON conversations (assigned_agent_id, created_at)
  INCLUDE (id, contact_id);

-- Tickets created, resolved and open; those of a contact, for campaign conversions.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tickets_date ON tickets (created_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tickets_resolved ON tickets (resolved_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tickets_open ON tickets (created_at) INCLUDE (assigned_agent_id, priority)
  WHERE resolved_at IS NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tickets_contact ON tickets (contact_id, resolved_at);

-- Leads, intents, recipients by their message and their contact.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_contacts_lead ON contacts (lead_at) WHERE lead_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_intents_date ON conversation_intents (detected_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_intents_conversation ON conversation_intents (conversation_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_recipients_message ON campaign_recipients (message_id)
  WHERE message_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_recipients_contact ON campaign_recipients (contact_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_campaigns_date ON campaigns (created_at);

-- What is known of an index over an expression is found out by ANALYZE only.
ANALYZE messages;

RESET lock_timeout;
