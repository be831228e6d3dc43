// What `check` promises to find, each fault made alone: connection, role, pooler, contract, shape, words, collectors.
// Rows and indexes have files of their own.

#include "check_fixture.h"
#include "support/pgbouncer.h"

namespace {

using namespace crm::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

using Check = CheckTest;

TEST_F(Check, AHealthySupabaseHasNoFault) {
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), IsEmpty()) << checked.output;
  EXPECT_EQ(checked.status, 0);
  EXPECT_THAT(checked.output, HasSubstr("\nno errors, no warnings\n"));
  EXPECT_THAT(
      checked.of("messages"),
      ElementsAre("ok messages: 14 columns; ids uuid; times timestamp (UTC); without session_id, which is optional"));
  EXPECT_THAT(checked.of("change feed"), ElementsAre("ok change feed: the CRM's triggers note every write"));
  EXPECT_THAT(checked.of("queue"), ElementsAre(MatchesRegex("ok queue: the CRM's own table .messages with status "
                                                            "pending.: 1 waits, the oldest for [0-9]+ s")));
  EXPECT_THAT(checked.of("sessions"), ElementsAre("ok sessions: the view whatsapp_sessions: 1, 1 of them connected"));
  EXPECT_THAT(checked.of("kpi").back(),
              MatchesRegex("ok kpi: [0-9]+ samples in [0-9]+ ms; for one agent in [0-9]+ ms"));
}

TEST_F(Check, NoLineIsWiderThanAHundredColumns) {
  redefine("messages",
           "SELECT id AS message_id, created_at AT TIME ZONE 'UTC' AT TIME ZONE 'UTC' AS created_at FROM messages");
  std::istringstream lines(check().output);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 103U) << line;  // … is three bytes
}

// --- no database to look at: one error, and what to do ---------------------------------------------------------------

struct Unreachable {
  std::string name;
  std::string (*url)(const std::string& url);
  std::string says;
  std::string advises;
  friend void PrintTo(const Unreachable& unreachable, std::ostream* out) { *out << unreachable.name; }
};

class CheckUnreachable : public CheckTest, public ::testing::WithParamInterface<Unreachable> {};

TEST_P(CheckUnreachable, IsOneErrorWithWhatToDo) {
  const Checked checked = check(GetParam().url(url_));
  EXPECT_EQ(checked.status, 1);
  ASSERT_THAT(checked.faults(), ElementsAre(AllOf(StartsWith("ERROR server: 127.0.0.1:"), HasSubstr(GetParam().says))))
      << checked.output;
  EXPECT_THAT(checked.advice(), HasSubstr(GetParam().advises));
  EXPECT_THAT(checked.output, Not(HasSubstr("geheim")));
  EXPECT_THAT(checked.output, HasSubstr("\n1 error, no warnings\n"));
}

std::string replaced(std::string url, const std::string& what, const std::string& by) {
  return url.replace(url.find(what), what.size(), by);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CheckUnreachable,
    ::testing::Values(Unreachable{"NobodyListens",
                                  [](const std::string& url) {
                                    const std::string port = std::to_string(cluster().port());
                                    return replaced(url, ":" + port, ":" + std::to_string(free_port()));
                                  },
                                  "Connection refused", "pg_isready -d \"$DATABASE_URL\""},
                      Unreachable{"NoSuchRole",
                                  [](const std::string& url) { return replaced(url, "postgres@", "nobody:geheim@"); },
                                  "role \"nobody\" does not exist", "deploy/roles.sql"},
                      Unreachable{"NoLogin", [](const std::string& url) { return replaced(url, "postgres@", "anon@"); },
                                  "role \"anon\" is not permitted to log in", "ALTER ROLE crm_metrics_read LOGIN"},
                      Unreachable{"NoSuchDatabase", [](const std::string& url) { return url + "_x"; },
                                  "_x\" does not exist", "The last part of database.url names the database"},
                      Unreachable{"NoTls", [](const std::string& url) { return url + "?sslmode=require"; },
                                  "server does not support SSL", "do not agree about TLS"}),
    [](const auto& unreachable) { return unreachable.param.name; });

TEST_F(Check, AWrongPasswordIsOneErrorWithWhatToDo) {
  PostgresCluster own;
  const std::string url = own.create_reference_database();
  execute(url, "CREATE ROLE crm_metrics_read LOGIN PASSWORD 'geheim'");
  execute(
      url,
      "COPY (SELECT 'host all postgres 127.0.0.1/32 trust' UNION ALL SELECT 'host all all 127.0.0.1/32 scram-sha-256') "
      "TO PROGRAM 'cat > pg_hba.conf'");
  execute(url, "SELECT pg_reload_conf()");
  Checked checked;
  ASSERT_TRUE(eventually([&] { return (checked = check(as("crm_metrics_read:falsch", url))).status == 1; }));
  EXPECT_THAT(checked.faults(), ElementsAre(HasSubstr("password authentication failed for user \"crm_metrics_read\"")));
  EXPECT_THAT(checked.advice(), HasSubstr("\\password crm_metrics_read"));
  EXPECT_THAT(checked.output, Not(HasSubstr("falsch")));
}

TEST_F(Check, NoDatabaseAtAllIsOneError) {
  folder_.write("crm-metricsd.yaml", "plugins: {directory: plugins, load: [kpi]}\n");
  const Checked checked = check_configured();
  EXPECT_THAT(checked.faults(), ElementsAre("ERROR database: none is configured"));
  EXPECT_THAT(checked.advice(), HasSubstr("DATABASE_URL="));
}

TEST_F(Check, ASchemaThatIsClosedMissingOrEmptyIsOneErrorEach) {
  execute(url_, "REVOKE USAGE ON SCHEMA crm_source FROM crm_metrics_read; CREATE SCHEMA vacant");
  const Checked closed = check();
  EXPECT_THAT(closed.faults(), ElementsAre("ERROR schema: crm_source is closed to role crm_metrics_read"));
  EXPECT_THAT(closed.advice(), HasSubstr("GRANT USAGE ON SCHEMA crm_source TO crm_metrics_read;\n"
                                         "GRANT SELECT ON ALL TABLES IN SCHEMA crm_source TO crm_metrics_read;\n"));
  EXPECT_THAT(check(reader(), ", schema: crm_sauce").faults(), ElementsAre("ERROR schema: crm_sauce does not exist"));
  execute(url_, "GRANT USAGE ON SCHEMA vacant TO crm_metrics_read");
  EXPECT_THAT(check(reader(), ", schema: vacant").faults(),
              ElementsAre("ERROR schema: vacant has no view of the source contract"));
}

// --- configuration and plugins ---------------------------------------------------------------------------------------

TEST_F(Check, AMistakeInTheConfigurationIsNamedWithItsLine) {
  folder_.write("crm-metricsd.yaml", "sla: {first_response_secnds: 60}\n");
  EXPECT_THAT(check_configured().faults(),
              ElementsAre(AllOf(StartsWith("ERROR configuration: "),
                                HasSubstr("crm-metricsd.yaml:1: sla.first_response_secnds: unknown key"))));
}

TEST_F(Check, APluginThatCannotBeLoadedIsAnErrorAndTheRestIsLookedAt) {
  add_plugin("test-plugins", "other-abi");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), ElementsAre(StartsWith("ERROR other-abi: ")));
  EXPECT_THAT(checked.of("kpi"), ::testing::SizeIs(2)) << checked.output;
}

// --- connection ------------------------------------------------------------------------------------------------------

TEST_F(Check, ARoleThatIsMoreThanAReaderIsAWarningThatNamesWhatItMay) {
  EXPECT_THAT(check(url_).faults(),
              ElementsAre("warning role: postgres is a superuser: whoever finds the daemon's password "
                          "owns the server"));
  execute(url_,
          "CREATE ROLE careless LOGIN BYPASSRLS; GRANT USAGE ON SCHEMA crm_source TO careless; "
          "GRANT SELECT ON ALL TABLES IN SCHEMA crm_source TO careless; "
          "GRANT UPDATE ON public.tickets, crm_source.agents TO careless");
  const Checked checked = check(as("careless", url_));
  EXPECT_THAT(checked.faults(), ElementsAre("warning role: careless may write to 2 relations (crm_source.agents, "
                                            "public.tickets), has BYPASSRLS",
                                            StartsWith("warning own schema: crm_metrics is not there, or closed")));
  EXPECT_THAT(checked.advice(), HasSubstr("-f deploy/roles.sql"));
  EXPECT_EQ(checked.status, 0) << "a warning is no failure";
}

TEST_F(Check, APoolerIsToldFromADirectConnectionAndItsModeByWhatItDoes) {
  EXPECT_THAT(check().of("pooler"), ElementsAre("ok pooler: none: a direct connection"));
  const PgBouncer by_transaction(cluster().port());
  const Checked pooled = check(by_transaction.url(reader()));
  EXPECT_THAT(pooled.of("pooler"), ElementsAre("ok pooler: in transaction mode, which the daemon is made for"));
  EXPECT_THAT(pooled.faults(), IsEmpty());
  const PgBouncer by_session(cluster().port(), "pool_mode = session\ndefault_pool_size = 10\n");
  EXPECT_THAT(
      check(by_session.url(reader())).of("pooler"),
      ElementsAre("ok pooler: in session mode as far as could be seen: the daemon keeps up to 4 of its connections"));
}

TEST_F(Check, APoolerWithOneConnectionIsToldInBothModes) {
  const PgBouncer one(cluster().port(), "default_pool_size = 1\n");
  EXPECT_THAT(check(one.url(reader())).faults(), IsEmpty());
  const PgBouncer by_session(cluster().port(), "pool_mode = session\ndefault_pool_size = 2\n");
  EXPECT_THAT(check(by_session.url(reader())).faults(),
              ElementsAre("warning pooler: one that had no connection free for a second client within 3 s"));
}

TEST_F(Check, AServerThatDoesNotKnowItsEncodingIsAWarning) {
  execute(url_, "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
  const Checked checked = check(replaced(url_, url_.substr(url_.rfind('/')), "/ascii"));
  EXPECT_THAT(checked.of("encoding"),
              ElementsAre("warning encoding: SQL_ASCII: the server does not know what its text is, "
                          "and rows that are not UTF-8 fail"));
  execute(url_, "DROP DATABASE ascii");
}

// --- the contract ----------------------------------------------------------------------------------------------------

TEST_F(Check, AnAbsentViewIsAWarningForTheCollectorsThatReadIt) {
  execute(url_, "DROP VIEW crm_source.tickets; DROP VIEW crm_source.bot_intents");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre("warning tickets: absent: what kpi counts of it is zero in JSON and absent from /metrics"));
  EXPECT_THAT(checked.of("bot_intents"), ElementsAre("ok bot_intents: absent, and nothing that is enabled reads it"));
  EXPECT_EQ(checked.status, 0);
}

TEST_F(Check, AMissingColumnIsAnErrorThatNamesItAndWhoNeedsIt) {
  redefine("tickets",
           "SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id, "
           "priority::text AS priority, created_at FROM tickets");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), ElementsAre("ERROR tickets: has no column resolved_at, a timestamp; needed by kpi",
                                            "ERROR kpi: fails until the errors of tickets above are mended"));
}

TEST_F(Check, AMissingColumnThatMayBeNullIsAdvisedInTheTypeOfItsKind) {
  redefine("contacts", "SELECT id AS contact_id, created_at, lead_at FROM contacts");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre("ERROR contacts: has no column lead_agent_id, an id (uuid, bigint, integer or text); "
                          "no enabled collector reads it"));
  EXPECT_THAT(checked.advice(), HasSubstr("NULL::uuid AS lead_agent_id"));
}

TEST_F(Check, ATimeOfAnotherTypeAndAnEnumerationAreErrors) {
  execute(url_, "CREATE TYPE priority AS ENUM ('low')");
  redefine("tickets",
           "SELECT id AS ticket_id, contact_id, conversation_id, assigned_agent_id AS agent_id, "
           "'low'::priority AS priority, created_at::date AS created_at, resolved_at FROM tickets");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), ::testing::IsSupersetOf(
                                    {"ERROR tickets: column priority is public.priority, expected text; needed by kpi",
                                     "ERROR tickets: column created_at is date, expected a timestamp; needed by kpi"}));
  EXPECT_THAT(checked.advice(), HasSubstr("priority::text AS priority"));
}

TEST_F(Check, IdsThatCannotBeJoinedAreAnErrorForTheOddOne) {
  redefine("conversations",
           "SELECT id AS conversation_id, contact_id, assigned_agent_id::text AS agent_id, created_at, "
           "resolved_at, escalated_at, csat_score AS satisfaction_score FROM conversations");
  const Checked checked = check();
  EXPECT_THAT(checked.faults().front(),
              "ERROR conversations: agent_id is text, but agents.agent_id is uuid: they cannot be joined");
  EXPECT_THAT(checked.faults().back(), "ERROR kpi: fails until the errors of conversations above are mended");
  EXPECT_THAT(checked.advice(),
              AllOf(HasSubstr("Give both the same type in the tables."), HasSubstr("NULL::uuid AS agent_id")));
}

TEST_F(Check, IntegersOfSeveralSizesCanBeJoined) {
  redefine("bot_intents", "SELECT id AS conversation_id, intent, succeeded, detected_at FROM conversation_intents");
  redefine("campaigns", "SELECT 1::smallint AS campaign_id, name AS campaign_name, created_at FROM campaigns");
  redefine("campaign_recipients",
           "SELECT 1::bigint AS campaign_id, contact_id, message_id, assigned_agent_id AS agent_id, "
           "status::text AS status, sent_at, converted_at FROM campaign_recipients");
  EXPECT_THAT(check().of("messages"), ElementsAre(HasSubstr("14 columns"),
                                                  "ERROR messages: campaign_id is uuid, but campaigns."
                                                  "campaign_id is smallint: they cannot be joined"));
}

// --- the shape of views ----------------------------------------------------------------------------------------------

constexpr const char* intents = "conversation_id, intent, succeeded, detected_at FROM conversation_intents";

TEST_F(Check, AViewThatCannotBeInlinedIsAWarningThatSaysWhy) {
  const std::vector<std::pair<std::string, std::string>> barriers{
      {fmt::format("SELECT DISTINCT {}", intents), "DISTINCT or GROUP BY"},
      {fmt::format("SELECT {} LIMIT 10", intents), "LIMIT"},
      {fmt::format("SELECT {} ORDER BY detected_at", intents), "ORDER BY"},
      {"SELECT conversation_id, intent, bool_or(succeeded) AS succeeded, max(detected_at) AS detected_at "
       "FROM conversation_intents GROUP BY 1, 2",
       "DISTINCT or GROUP BY"},
      {"SELECT conversation_id, intent, first_value(succeeded) OVER (PARTITION BY conversation_id) AS succeeded, "
       "detected_at "
       "FROM conversation_intents",
       "a window function"},
      {fmt::format("SELECT {0} EXCEPT SELECT {0} WHERE intent = 'test'", intents), "INTERSECT or EXCEPT"},
      {fmt::format("WITH i AS MATERIALIZED (SELECT {}) SELECT * FROM i", intents), "WITH … AS MATERIALIZED"},
  };
  for (const auto& [select, why] : barriers) {
    redefine("bot_intents", select);
    EXPECT_THAT(check().of("bot_intents"), ::testing::Contains("warning bot_intents: cannot be inlined: " + why))
        << select;
  }
}

TEST_F(Check, ASecurityBarrierIsAWarningWhereItKeepsTheWindowFromTheIndex) {
  execute(url_, "ALTER VIEW crm_source.bot_intents SET (security_barrier = true)");
  EXPECT_THAT(check().faults(),
              ElementsAre("warning bot_intents: cannot be inlined: security_barrier, or a function that "
                          "PostgreSQL does not trust"));
}

TEST_F(Check, ViewsThatJoinOrAppendArePlainEnough) {
  redefine("bot_intents", fmt::format("SELECT {0} UNION ALL SELECT {0}", intents));
  EXPECT_THAT(check().faults(), IsEmpty());
  redefine("bot_intents",
           "SELECT i.conversation_id, i.intent, i.succeeded, i.detected_at FROM conversation_intents i "
           "JOIN conversations c ON c.id = i.conversation_id WHERE c.status <> 'test'");
  EXPECT_THAT(check().faults(), IsEmpty());
}

TEST_F(Check, ATimeOrIdInAnExpressionIsAWarningThatShowsIt) {
  redefine("bot_intents",
           "SELECT conversation_id, intent, succeeded, detected_at AT TIME ZONE 'UTC' AS detected_at "
           "FROM conversation_intents");
  EXPECT_THAT(check().faults(),
              ElementsAre("warning bot_intents: detected_at is an expression: (conversation_intents.detected_at "
                          "AT TIME ZONE 'UTC'::text)"));
  redefine("bot_intents",
           fmt::format("SELECT {0} UNION ALL SELECT conversation_id, intent, succeeded, coalesce(detected_at, now()"
                       " AT TIME ZONE 'UTC') FROM conversation_intents",
                       intents));
  EXPECT_THAT(check().faults(),
              ElementsAre(HasSubstr("bot_intents: detected_at is an expression: COALESCE(conversation_intents")));
}

TEST_F(Check, ACastFromVarcharAndANullAreNoExpressions) {
  execute(url_, "ALTER TABLE whatsapp_sessions ADD code varchar(20)");
  redefine("whatsapp_sessions",
           "SELECT code::text AS session_id, phone_number, status::text AS status, NULL::timestamptz AS last_seen "
           "FROM whatsapp_sessions");
  EXPECT_THAT(check().faults(), IsEmpty());
}

// --- words -----------------------------------------------------------------------------------------------------------

TEST_F(Check, UnknownWordsAreWarningsWithHowManyRowsHaveThem) {
  execute(url_, R"sql(
INSERT INTO profiles (full_name, role) VALUES ('Bo', 'boss'), ('Al', 'boss'), ('It', 'o''clock');
INSERT INTO agent_activity_logs (status, started_at) VALUES ('dnd', now() AT TIME ZONE 'UTC');
INSERT INTO tickets (priority) VALUES ('p1');
INSERT INTO whatsapp_sessions (session_id, status) VALUES ('x', 'Zombie');
INSERT INTO messages (direction, sender_type, delivery_status) VALUES ('in', 'human', 'queued'))sql");
  const Checked checked = check();
  EXPECT_THAT(
      checked.faults(),
      ElementsAre(
          "warning agents: role has words that the contract lacks, of all agents: 'boss' (2 rows), 'o'clock' (1 row)",
          "warning agent_status: status has words that the contract lacks, since yesterday: 'dnd' (1 row)",
          "warning messages: direction has words that the contract lacks, since yesterday: 'in' (1 row)",
          "warning messages: sender_type has words that the contract lacks, since yesterday: 'human' (1 row)",
          "warning messages: delivery_status has words that the contract lacks, since yesterday: 'queued' (1 row)",
          "warning tickets: priority has words that the contract lacks, of open and recent tickets: 'p1' (1 row)",
          "warning whatsapp_sessions: status has words that the configuration lacks, of all sessions: 'zombie' (1 "
          "row)"));
  EXPECT_THAT(checked.advice(), HasSubstr("CASE role WHEN 'boss' THEN 'agent' ELSE role END AS role"));
  EXPECT_EQ(checked.status, 0);
}

TEST_F(Check, WordsOfLongAgoAreNobodysProblem) {
  execute(url_,
          "INSERT INTO messages (direction, sender_type, delivery_status, created_at) VALUES ('in', 'human', 'queued', "
          "'2020-01-01');"
          "INSERT INTO tickets (priority, created_at, resolved_at) VALUES ('p1', '2020-01-01', '2020-01-02')");
  EXPECT_THAT(check().faults(), IsEmpty());
}

TEST_F(Check, AWordCannotCommandTheTerminal) {
  execute(url_, "INSERT INTO profiles (full_name, role) VALUES ('x', E'\\x1b[2J\\nERROR')");
  const Checked checked = check();
  EXPECT_THAT(checked.output, Not(HasSubstr("\x1b")));
  EXPECT_THAT(checked.faults(), ElementsAre(HasSubstr("'?[2J ERROR' (1 row)")));
}

// --- collectors ------------------------------------------------------------------------------------------------------

TEST_F(Check, APartialReportIsAWarningWithItsReason) {
  add_plugin("test-plugins", "windowed");
  EXPECT_THAT(check().faults(), ElementsAre("warning windowed: is partial: half of it is missing, for the test"));
}

TEST_F(Check, ACollectorThatFailsIsAnErrorWithItsWords) {
  add_plugin("test-plugins", "throws");
  EXPECT_THAT(check().faults(), ElementsAre(StartsWith("ERROR throws: ")));
}

}  // namespace
