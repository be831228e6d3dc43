-- Facts of customer load, agent productivity, automation and business: what each column counts is said in the fact file of the
-- same name. Intents and campaigns' results have keys, and lie in fact_values.
CREATE TABLE fact_bot_conversations (
  grain      text NOT NULL,
  start      timestamptz NOT NULL,
  agent      text NOT NULL,
  bot        bigint NOT NULL,
  human      bigint NOT NULL,
  chatbot    bigint NOT NULL,
  successful bigint NOT NULL,
  escalated  bigint NOT NULL,
  dropped    bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_customers (
  grain      text NOT NULL,
  start      timestamptz NOT NULL,
  agent      text NOT NULL,
  first_ever bigint NOT NULL,
  again      bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_leads (
  grain text NOT NULL,
  start timestamptz NOT NULL,
  agent text NOT NULL,
  won   bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_presence (
  grain     text NOT NULL,
  start     timestamptz NOT NULL,
  agent     text NOT NULL,
  online_ms bigint NOT NULL,
  away_ms   bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_ticket_resolutions (
  grain    text NOT NULL,
  start    timestamptz NOT NULL,
  agent    text NOT NULL,
  resolved bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

-- Who is there now, and until when somebody was.
CREATE INDEX agent_activity_ended ON agent_activity_logs (agent_id, ended_at DESC);

-- The change feed notes besides (its entities: 0001_history.sql), and what is deleted as …_deleted:
--   message_changed  as message, of one that became something else (old and new)
--   contact    id: one who lost a conversation that was created at
--   intent     id: its conversation; at: detected_at, old and new
--   lead       id: the contact; at: lead_at, old and new; or its agent changed
--   ticket     id: its contact; at: resolved_at, old and new; or its agent changed
--   presence   id: the agent; at: from when on the spans tell something else
-- Of a campaign's recipient also whether it converted.
