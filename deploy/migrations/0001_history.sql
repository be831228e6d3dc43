-- History: stored facts, counters, snapshots, the change feed, and what is derived of conversations and agents. Names are
-- not qualified: `crm-metricsd migrate` runs this with search_path on the daemon's own schema (rollup.schema, crm_metrics), and
-- says in the setting crm_metricsd.views where the CRM's views are (database.schema).

-- One row: locked by whoever takes a step of the rollup, and written by it, so that a stale writer fails.
CREATE TABLE rollup_state (
  only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  change_seq     bigint NOT NULL DEFAULT 0,  -- grows with each step that changed a stored number
  steps          bigint NOT NULL DEFAULT 0,
  stepped_at     timestamptz,
  counting_since timestamptz,                -- counters count what happened since then; set by the first step
  feed_since     timestamptz,                -- since when the triggers note every change; NULL: they do not
  -- Conversations have yet to be derived (conversation_metrics), the newest first: those created before derive_before, and of
  -- that instant those with lesser ids than derive_before_id, down to derive_down_to. NULL: all of them have been.
  derive_before    timestamptz DEFAULT 'infinity',
  derive_before_id text,
  derive_down_to   timestamptz NOT NULL DEFAULT '-infinity',
  derive_version   text  -- of the definition and the settings that they are derived with
);
INSERT INTO rollup_state DEFAULT VALUES;

-- The change feed: what triggers over the CRM's tables note, in the transaction that changed it. Steps of the rollup take
-- rows away; seq is no order of commits, and sessions take 32 numbers at once. Its end is not cut off by VACUUM, which would
-- lock out the CRM's writes for that time.
--   message, message_deleted            id: its conversation; at: its created_at, old and new
--   delivery                            at: the minute of created_at of messages whose fate changed
--   conversation, conversation_deleted  id; at: its created_at, old and new; agent or hand-off changed, too
--   outcome                             id; at: created_at of a conversation whose resolution changed
--   resolution                          id of the conversation; at: resolved_at, old and new; or its agent changed
--   rating                              id; at: created_at of a conversation whose satisfaction score changed
--   recipient                           id: the message of a campaign's recipient
--   later                               id: a conversation of which something is dated at; noted by the rollup, for itself
-- Those of conversations have its id.
CREATE TABLE changes (
  seq      bigint GENERATED ALWAYS AS IDENTITY (CACHE 32) PRIMARY KEY,
  entity   text NOT NULL,
  id       text,
  at       timestamptz,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, vacuum_truncate = off);

-- A trigger that failed leaves a row: everything within the horizon is counted again.
CREATE TABLE rescans (
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason   text NOT NULL
);

-- What is stored: one row for each fact and period that has been counted.
CREATE TABLE fact_periods (
  fact        text NOT NULL,
  grain       text NOT NULL CHECK (grain IN ('minutes', 'hour', 'day')),
  start       timestamptz NOT NULL,
  until       timestamptz NOT NULL,            -- its end; of the period that is not over, how far it is counted
  version     text NOT NULL,                   -- of the fact's definition and the settings that enter it
  as_of       timestamptz NOT NULL,            -- counted then
  next_due    timestamptz,                     -- the numbers hold before this instant
  stale_since timestamptz,                     -- a row that it counts has changed: it waits to be counted again
  frozen      boolean NOT NULL DEFAULT false,  -- rows older than the horizon were deleted: kept as it is
  shown       boolean NOT NULL DEFAULT false,  -- of hours and days: analytics_snapshots has what was counted last
  PRIMARY KEY (fact, grain, start)
);
CREATE INDEX fact_periods_stale ON fact_periods (stale_since) WHERE stale_since IS NOT NULL;
CREATE INDEX fact_periods_not_shown ON fact_periods (start) WHERE NOT shown AND grain <> 'minutes';
CREATE INDEX fact_periods_due ON fact_periods (next_due) WHERE next_due IS NOT NULL;

-- The numbers. agent is an id, or '*' for the total: unassigned = total − sum of agents. Durations are milliseconds. What each
-- column counts is said in the fact file of the same name.
CREATE TABLE fact_campaign_messages (
  grain     text NOT NULL,
  start     timestamptz NOT NULL,
  agent     text NOT NULL,
  created   bigint NOT NULL,
  sent      bigint NOT NULL,
  delivered bigint NOT NULL,
  read      bigint NOT NULL,
  failed    bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_conversations (
  grain    text NOT NULL,
  start    timestamptz NOT NULL,
  agent    text NOT NULL,
  created  bigint NOT NULL,
  resolved bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_first_responses (
  grain       text NOT NULL,
  start       timestamptz NOT NULL,
  agent       text NOT NULL,
  answered    bigint NOT NULL,
  response_ms bigint NOT NULL,
  response    bigint[] NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_messages (
  grain          text NOT NULL,
  start          timestamptz NOT NULL,
  agent          text NOT NULL,
  inbound        bigint NOT NULL,
  outbound       bigint NOT NULL,
  sent           bigint NOT NULL,
  delivered      bigint NOT NULL,
  read           bigint NOT NULL,
  failed         bigint NOT NULL,
  unknown_sender bigint NOT NULL,
  unknown_status bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_resolutions (
  grain         text NOT NULL,
  start         timestamptz NOT NULL,
  agent         text NOT NULL,
  resolved      bigint NOT NULL,
  resolution_ms bigint NOT NULL,
  resolution    bigint[] NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_sla (
  grain       text NOT NULL,
  start       timestamptz NOT NULL,
  agent       text NOT NULL,
  compliant   bigint NOT NULL,
  breached    bigint NOT NULL,
  answered    bigint NOT NULL,
  response_ms bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_turns (
  grain       text NOT NULL,
  start       timestamptz NOT NULL,
  agent       text NOT NULL,
  answered    bigint NOT NULL,
  response_ms bigint NOT NULL,
  response    bigint[] NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

-- Facts with a key (a failure's code, an intent) and facts of plugins: one row for each of their columns.
CREATE TABLE fact_values (
  fact        text NOT NULL,
  grain       text NOT NULL,
  start       timestamptz NOT NULL,
  agent       text NOT NULL,
  key         text NOT NULL,    -- '' for none
  column_name text NOT NULL,
  n           bigint NOT NULL,  -- a count or a sum; of a histogram 0
  buckets     bigint[],         -- a histogram's
  PRIMARY KEY (fact, grain, start, agent, key, column_name)
);

-- Prometheus's counters: what facts have counted since counting_since. They never fall.
CREATE TABLE counters (
  fact        text NOT NULL,
  column_name text NOT NULL,
  agent       text NOT NULL,
  key         text NOT NULL,
  n           bigint NOT NULL,
  buckets     bigint[],
  PRIMARY KEY (fact, column_name, agent, key)
) WITH (fillfactor = 70);

-- The design document's tables. Ids are of the CRM's own types, there are no foreign keys into its tables (its deletions
-- would fail), and times without a zone are UTC.
--
-- analytics_snapshots: the stored facts of each business hour, day and week (from Monday) that has ended, a row each, for those
-- who read tables. metrics has the facts by name with their columns (counts, and sums whose names end in _ms, in
-- milliseconds; those of a fact with a key by that key), in total, and below "agents" of each agent of whom there is something:
--   {"conversations": {"created": 3, "resolved": 1},
--    "turns": {"answered": 2, "response_ms": 90000},
--    "message_failures": {"131026": {"failed": 1}}, …,
--    "agents": {"<id>": {"conversations": {"created": 2, "resolved": 1}, …}, …}}
-- A day's numbers are the sums of its hours', a week's of its days'. So no means are here: response_ms ÷ answered, summed over as
-- many rows as you like, is one; a mean of means is not. What belongs to no agent is the total without the agents.
CREATE TABLE analytics_snapshots (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  snapshot_type varchar(50) NOT NULL,  -- hourly, daily, weekly
  snapshot_date timestamp NOT NULL,    -- the start of the period
  metrics       jsonb NOT NULL,
  created_at    timestamp DEFAULT (now() AT TIME ZONE 'UTC'),  -- when it was written last
  UNIQUE (snapshot_type, snapshot_date)
);
CREATE INDEX idx_analytics_snapshots_type_date ON analytics_snapshots (snapshot_type, snapshot_date DESC);

DO $$
DECLARE
  views text := current_setting('crm_metricsd.views');
  agent_type text := 'uuid';
  conversation_type text := 'uuid';
BEGIN
  SELECT coalesce(
      (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
       WHERE a.attrelid = to_regclass(format('%I.agents', views)) AND a.attname = 'agent_id'), 'uuid')
    INTO agent_type;
  SELECT coalesce(
      (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
       WHERE a.attrelid = to_regclass(format('%I.conversations', views)) AND a.attname = 'conversation_id'), 'uuid')
    INTO conversation_type;
  EXECUTE format($table$
    CREATE TABLE agent_activity_logs (
      id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      agent_id         %s,
      status           varchar(20) NOT NULL,  -- online, away, offline
      started_at       timestamp NOT NULL,
      ended_at         timestamp,
      duration_seconds integer,
      created_at       timestamp DEFAULT (now() AT TIME ZONE 'UTC')
    )$table$, agent_type);
  -- What a conversation's rows said at updated_at. handled_by_bot: the bot wrote in it; escalated_to_human: it was handed over.
  EXECUTE format($table$
    CREATE TABLE conversation_metrics (
      id                          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      conversation_id             %s NOT NULL UNIQUE,
      agent_id                    %s,
      first_response_time_seconds integer,
      avg_response_time_seconds   integer,
      total_messages              integer,
      resolution_time_seconds     integer,
      customer_satisfaction_score integer,  -- 1 to 5
      handled_by_bot              boolean DEFAULT false,
      escalated_to_human          boolean DEFAULT false,
      created_at                  timestamp DEFAULT (now() AT TIME ZONE 'UTC'),  -- the conversation's
      updated_at                  timestamp DEFAULT (now() AT TIME ZONE 'UTC')
    ) WITH (fillfactor = 85)$table$, conversation_type, agent_type);
END
$$;
CREATE INDEX idx_agent_activity_agent_date ON agent_activity_logs (agent_id, started_at DESC);
CREATE INDEX idx_agent_activity_date ON agent_activity_logs (started_at DESC);
CREATE UNIQUE INDEX agent_activity_open ON agent_activity_logs (agent_id) WHERE ended_at IS NULL;
CREATE INDEX idx_conversation_metrics_agent ON conversation_metrics (agent_id, created_at DESC);
CREATE INDEX conversation_metrics_date ON conversation_metrics (created_at);
