-- The CRM that the design document describes: its base tables, in the schema that comes first in search_path.
-- Times are UTC in columns without a zone, as that document has them. There are no foreign keys: agents get deleted while
-- their conversations stay, and a bulk load is several times faster without. Other indexes than the keys are in
-- indexes.sql, so that they can be built after a load.

-- Everybody who can log in.
CREATE TABLE IF NOT EXISTS profiles (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  full_name  text NOT NULL,
  role       varchar(20) NOT NULL,  -- agent, supervisor, admin, owner
  is_active  boolean,               -- NULL: never set, counts as active
  created_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

-- Who supervises whom. An agent may be in several teams, or in none.
CREATE TABLE IF NOT EXISTS team_members (
  supervisor_id uuid NOT NULL,
  agent_id      uuid NOT NULL,
  PRIMARY KEY (supervisor_id, agent_id)
);

-- One row for each span of an agent's presence; an open span has no end yet.
CREATE TABLE IF NOT EXISTS agent_activity_logs (
  id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id         uuid,
  status           varchar(20) NOT NULL,  -- online, away, offline
  started_at       timestamp NOT NULL,
  ended_at         timestamp,
  duration_seconds integer,
  created_at       timestamp DEFAULT (now() AT TIME ZONE 'UTC')
);

CREATE TABLE IF NOT EXISTS contacts (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name          text,
  phone         text,
  created_at    timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  lead_at       timestamp,  -- when the contact became a lead
  lead_agent_id uuid        -- who won it
);

CREATE TABLE IF NOT EXISTS conversations (
  id                          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  contact_id                  uuid,
  assigned_agent_id           uuid,
  status                      varchar(20) NOT NULL DEFAULT 'open',  -- open, pending, resolved, closed
  created_at                  timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  escalated_at                timestamp,  -- when the bot handed over to a human
  resolved_at                 timestamp,  -- set exactly while resolved; a reopening clears it
  resolution_time_seconds     integer,
  first_response_time_seconds integer,    -- as the CRM sees it: bots count, so nothing of the dashboard reads it
  csat_score                  integer     -- 1 to 5
);

CREATE TABLE IF NOT EXISTS messages (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  conversation_id uuid,                  -- NULL: a broadcast that nobody answered
  campaign_id     uuid,
  direction       varchar(10) NOT NULL,  -- inbound, outbound
  sender_type     varchar(20) NOT NULL,  -- customer, agent, bot, system
  sender_id       uuid,                  -- the agent, where sender_type is agent
  recipient       text,
  content         text,
  delivery_status varchar(20) NOT NULL DEFAULT 'pending',  -- pending, sent, delivered, read, failed
  created_at      timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  sent_at         timestamp,
  delivered_at    timestamp,
  read_at         timestamp,
  failed_at       timestamp,
  failed_reason   text
);

CREATE TABLE IF NOT EXISTS tickets (
  id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  contact_id        uuid,
  conversation_id   uuid,
  assigned_agent_id uuid,
  subject           text,
  priority          varchar(20) NOT NULL DEFAULT 'medium',  -- low, medium, high, urgent
  created_at        timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  resolved_at       timestamp
);

CREATE TABLE IF NOT EXISTS campaigns (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name       text NOT NULL,
  created_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

CREATE TABLE IF NOT EXISTS campaign_recipients (
  campaign_id       uuid NOT NULL,
  contact_id        uuid NOT NULL,
  message_id        uuid,  -- NULL: not sent yet
  assigned_agent_id uuid,
  status            varchar(20) NOT NULL DEFAULT 'pending',
  sent_at           timestamp,
  converted_at      timestamp,
  PRIMARY KEY (campaign_id, contact_id)
);

-- What the bot understood.
CREATE TABLE IF NOT EXISTS conversation_intents (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  conversation_id uuid NOT NULL,
  intent          text NOT NULL,
  succeeded       boolean,  -- NULL: not decided
  detected_at     timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

CREATE TABLE IF NOT EXISTS whatsapp_sessions (
  session_id   text PRIMARY KEY,
  phone_number text,
  status       varchar(30) NOT NULL,  -- the gateway's own words; the daemon's configuration maps them
  last_seen    timestamp
);
