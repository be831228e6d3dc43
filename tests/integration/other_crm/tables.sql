-- Another CRM: its base tables, which differ from the reference CRM's in everything that CRMs are known to differ in.
--   Several accounts share the tables. Ids are numbers, those of chats and phones are text.
--   Some time columns have a zone and some have none (these hold UTC), side by side in one table.
--   There is no time of delivery: the word `delivered` is all that is known. Incoming rows carry it too.
--   A chat that is opened again keeps the time at which it was closed. A bot's reply sets its first response time.
--   Users are marked as deleted, and what they did stays.
CREATE SCHEMA desk;

CREATE TABLE desk.users (
  id           bigint PRIMARY KEY,
  account      integer NOT NULL,
  display_name text NOT NULL,
  kind         text NOT NULL,  -- operator, lead, manager, boss
  active       boolean,        -- NULL: never asked
  deleted_at   timestamptz
);

-- Those who lead a team, and those who are led.
CREATE TABLE desk.team_users (
  account integer NOT NULL,
  team_id bigint NOT NULL,
  user_id bigint NOT NULL,
  leads   boolean NOT NULL,
  PRIMARY KEY (team_id, user_id, leads)
);

CREATE TABLE desk.presence (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account  integer NOT NULL,
  user_id  bigint NOT NULL,
  presence text NOT NULL,  -- available, busy, idle, gone
  since    timestamptz NOT NULL,
  until    timestamp
);

CREATE TABLE desk.people (
  id       bigint PRIMARY KEY,
  account  integer NOT NULL,
  name     text,
  phone    text,
  added    timestamp NOT NULL,
  lead_on  timestamptz,
  won_by   bigint
);

CREATE TABLE desk.chats (
  chat_key               text PRIMARY KEY,
  account                integer NOT NULL,
  person_id              bigint,
  user_id                bigint,
  state                  text NOT NULL,  -- open, closed
  started                timestamptz NOT NULL,
  closed                 timestamp,      -- of the last time that it was closed, also while it is open again
  handed_over            timestamptz,
  first_response_seconds integer,        -- bots' replies too
  stars                  smallint
);

CREATE TABLE desk.chat_messages (
  id           bigint PRIMARY KEY,
  account      integer NOT NULL,
  chat_key     text,  -- NULL: a broadcast
  broadcast_id bigint,
  way          text NOT NULL,  -- in, out
  author       text NOT NULL,  -- client, operator, robot, service
  user_id      bigint,
  phone        text,
  body         text,
  state        text NOT NULL,  -- queued, accepted, delivered, seen, error
  written      timestamp NOT NULL,
  accepted     timestamptz,
  seen         timestamp,
  error        timestamptz,
  error_text   text
);

CREATE TABLE desk.cases (
  id        bigint PRIMARY KEY,
  account   integer NOT NULL,
  person_id bigint,
  chat_key  text,
  user_id   bigint,
  title     text,
  urgency   smallint NOT NULL,  -- 1 low, 2 medium, 3 high, 4 urgent
  opened    timestamp NOT NULL,
  done      timestamptz
);

CREATE TABLE desk.broadcasts (
  id      bigint PRIMARY KEY,
  account integer NOT NULL,
  title   text NOT NULL,
  created timestamptz NOT NULL
);

CREATE TABLE desk.broadcast_targets (
  account      integer NOT NULL,
  broadcast_id bigint NOT NULL,
  person_id    bigint NOT NULL,
  message_id   bigint,
  user_id      bigint,
  state        text NOT NULL,
  sent         timestamp,
  converted    timestamptz,
  PRIMARY KEY (broadcast_id, person_id)
);

CREATE TABLE desk.intents (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account  integer NOT NULL,
  chat_key text NOT NULL,
  label    text NOT NULL,
  outcome  text,  -- solved, unsolved; NULL: not decided
  noticed  timestamptz NOT NULL
);

CREATE TABLE desk.phones (
  device    text PRIMARY KEY,
  account   integer NOT NULL,
  number    text,
  state     text NOT NULL,  -- whatsapp-web.js' words
  last_sign timestamptz
);

CREATE INDEX ON desk.chats (started);
CREATE INDEX ON desk.chat_messages (written);
CREATE INDEX ON desk.chat_messages (chat_key, written);
CREATE INDEX ON desk.cases (opened);
