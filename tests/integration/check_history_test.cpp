// What `check` says of the daemon's own schema and of the change feed, and which command it prints.

#include "check_fixture.h"

namespace {

using namespace crm::testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

using CheckHistory = CheckTest;

TEST_F(CheckHistory, IsWellWithSchemaWriterAndTriggers) {
  const Checked checked = check();
  EXPECT_THAT(checked.faults(), IsEmpty()) << checked.output;
  EXPECT_THAT(checked.of("own schema"), ElementsAre("ok own schema: crm_metrics, 8 migrations, up to date"));
  EXPECT_THAT(
      checked.of("role"),
      ElementsAre("ok role: crm_metrics_read: reads, and can do nothing else",
                  "ok role: crm_metrics_write: reads, writes the daemon's own schema, and can do nothing else"));
  // Rows that the fixture wrote: a conversation and when it was resolved; messages of now are noted by no trigger.
  EXPECT_THAT(checked.of("changes"),
              ElementsAre(MatchesRegex("ok changes: 2 wait to be counted, the oldest for [0-9]+ s")));
}

TEST_F(CheckHistory, WithoutTheSchemaItSaysWhatThatCostsAndPrintsTheCommands) {
  execute(url_, "DROP SCHEMA crm_metrics CASCADE");
  const Checked checked = check();
  EXPECT_EQ(checked.status, 0);
  EXPECT_THAT(
      checked.faults(),
      ElementsAre(AllOf(StartsWith("warning own schema: crm_metrics is not there, or closed to the daemon's role"),
                        HasSubstr("counters begin with the daemon"))));
  EXPECT_THAT(checked.advice(), AllOf(HasSubstr("crm-metricsd migrate --admin-url=\"$ADMIN_URL\"\n"),
                                      HasSubstr("--source=config/source/<crm>\n"), HasSubstr("-f deploy/roles.sql\n")));
}

TEST_F(CheckHistory, SaysWhatNoTriggerNotes) {
  execute(url_,
          "DROP TRIGGER crm_metrics_update ON messages; ALTER TABLE conversations DISABLE TRIGGER crm_metrics_delete; "
          "DROP TRIGGER crm_metrics_truncate ON campaign_recipients");
  const Checked checked = check();
  EXPECT_THAT(checked.faults(),
              ElementsAre(AllOf(StartsWith("warning change feed: no trigger notes: conversation delete, "
                                           "message update, recipient truncate. The last two hours"),
                                HasSubstr("\"exact\": false"))));
  EXPECT_THAT(checked.advice(), HasSubstr("migrate --admin-url=\"$ADMIN_URL\" --source=config/source/<crm>\n"));
}

// The trigger went with the table that was renamed; the view reads the new one.
TEST_F(CheckHistory, ATriggerOnATableThatTheViewNoLongerReadsNotesNothing) {
  execute(
      url_,
      "ALTER TABLE campaign_recipients RENAME TO recipients_before; "
      "CREATE TABLE campaign_recipients (LIKE recipients_before); GRANT SELECT ON campaign_recipients TO developer");
  redefine("campaign_recipients",
           "SELECT campaign_id, contact_id, message_id, assigned_agent_id AS agent_id, status::text AS "
           "status, sent_at, converted_at FROM campaign_recipients");
  EXPECT_THAT(
      check().of("change feed"),
      ElementsAre(HasSubstr("notes: recipient insert, recipient update, recipient delete, recipient truncate.")));
}

struct Half {
  std::string name;
  std::string makes;
  friend void PrintTo(const Half& half, std::ostream* out) { *out << half.name; }
};
class CheckHalfATrigger : public CheckTest, public ::testing::WithParamInterface<Half> {};

TEST_P(CheckHalfATrigger, NotesNothing) {
  execute(url_, GetParam().makes);
  EXPECT_THAT(check().of("change feed"), ElementsAre(HasSubstr("no trigger notes: message insert. The last")));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CheckHalfATrigger,
    ::testing::Values(Half{"OfSomeRows",
                           "DROP TRIGGER crm_metrics_insert ON messages; "
                           "CREATE TRIGGER crm_metrics_insert AFTER INSERT ON messages FOR EACH ROW WHEN "
                           "(NEW.direction = 'inbound') EXECUTE FUNCTION crm_metrics.note_message_insert()"},
                      Half{"OfMessagesThatAreAnHourLate",
                           "DROP TRIGGER crm_metrics_insert ON messages; "
                           "CREATE TRIGGER crm_metrics_insert AFTER INSERT ON messages FOR EACH ROW WHEN "
                           "(NEW.xmin <> pg_current_xact_id()::xid OR NEW.created_at < now() - interval '1 hour') "
                           "EXECUTE FUNCTION crm_metrics.note_message_insert()"},
                      Half{"WithoutWhatSavepointsChange", "DROP TRIGGER crm_metrics_savepoint ON messages"},
                      Half{"WithTheWritersRights", "ALTER FUNCTION crm_metrics.note_message_insert() SECURITY INVOKER"},
                      Half{"ForAnotherWrite",
                           "DROP TRIGGER crm_metrics_insert ON messages; "
                           "CREATE TRIGGER crm_metrics_insert AFTER DELETE ON messages FOR EACH "
                           "STATEMENT EXECUTE FUNCTION crm_metrics.note_message_insert()"},
                      Half{"OnlyOnReplicas", "ALTER TABLE messages ENABLE REPLICA TRIGGER crm_metrics_insert"},
                      Half{"OfAnOwnerWithoutRights",
                           "ALTER FUNCTION crm_metrics.note_message_insert() OWNER TO developer"}),
    [](const auto& half) { return half.param.name; });

TEST_F(CheckHistory, MessagesThatAreNotNotedNeedTheirIndex) {
  execute(url_, "DROP INDEX idx_messages_date");
  EXPECT_THAT(check().of("change feed"), ElementsAre("ok change feed: the CRM's triggers note every write"))
      << "few need none";
  execute(url_,
          "INSERT INTO messages (direction, sender_type, content) SELECT 'inbound', 'customer', repeat('x', 1500) FROM "
          "generate_series(1, 6500)");
  EXPECT_THAT(
      check().of("change feed"),
      ElementsAre(HasSubstr("no trigger notes: message insert (for want of an index that begins with created_at: "
                            "indexes.sql). The last")));
  execute(url_, "CREATE INDEX any_name ON messages (created_at, id)");
  EXPECT_THAT(check().of("change feed"), ElementsAre("ok change feed: the CRM's triggers note every write"));
  execute(url_, "DROP VIEW crm_metrics.written_messages");
  EXPECT_THAT(check().of("change feed"), ElementsAre(HasSubstr("no trigger notes: message insert")));
}

TEST_F(CheckHistory, MessagesThatAreNotNotedMustBeSeen) {
  execute(url_,
          "ALTER VIEW crm_metrics.written_messages OWNER TO developer; GRANT SELECT ON messages TO developer; "
          "ALTER TABLE messages ENABLE ROW LEVEL SECURITY");
  EXPECT_THAT(check().of("change feed"),
              ElementsAre(HasSubstr("no trigger notes: message insert (row-level security hides them from the owner of "
                                    "written_messages). The last")));
  execute(url_, "ALTER TABLE messages DISABLE ROW LEVEL SECURITY");
  EXPECT_THAT(check().of("change feed"), ElementsAre("ok change feed: the CRM's triggers note every write"));
}

TEST_F(CheckHistory, AWriterThatMayOnlyReadIsAWarning) {
  execute(url_, "REVOKE UPDATE ON crm_metrics.rollup_state FROM crm_metrics_write");
  const Checked checked = check();
  EXPECT_THAT(
      checked.faults(),
      ElementsAre(StartsWith("warning writer: role crm_metrics_write may not write crm_metrics: this daemon reads")));
  EXPECT_THAT(checked.advice(), HasSubstr("GRANT crm_metrics_write TO crm_metrics_write;"));
}

TEST_F(CheckHistory, AReaderThatMayNotReadItIsAWarning) {
  execute(url_, "REVOKE SELECT ON crm_metrics.counters FROM crm_metrics_read");
  EXPECT_THAT(check().faults(), ElementsAre(StartsWith("warning own schema: the daemon's role may not read all of")));
}

TEST_F(CheckHistory, AWriterThatCannotLogInIsAnError) {
  folder_.write(
      "crm-metricsd.yaml",
      fmt::format("database: {{url: \"{}\", write_url: \"{}\"}}\nplugins: {{directory: plugins, load: [kpi]}}\n",
                  reader(), as("nobody:geheim", url_)));
  const Checked checked = check_configured();
  EXPECT_EQ(checked.status, 1);
  EXPECT_THAT(checked.faults(),
              ElementsAre(AllOf(StartsWith("ERROR writer: database.write_url: "), HasSubstr("\"nobody\""))));
  EXPECT_THAT(checked.output, ::testing::Not(HasSubstr("geheim")));
}

TEST_F(CheckHistory, MigrationsThatArePendingOrUnknownAreErrors) {
  execute(url_, "UPDATE crm_metrics.schema_migrations SET checksum = 'other'");
  EXPECT_THAT(check().faults(), ElementsAre(StartsWith("ERROR own schema: migration 0001_history was changed after")));
  execute(url_,
          "DELETE FROM crm_metrics.schema_migrations WHERE number > 1; UPDATE crm_metrics.schema_migrations SET number "
          "= 9000, name = '9000_later' WHERE number = 1");
  EXPECT_THAT(check().faults(),
              ElementsAre(StartsWith("ERROR own schema: migration 9000_later of the own schema is unknown")));
  execute(url_, "DELETE FROM crm_metrics.schema_migrations");
  const Checked pending = check();
  EXPECT_THAT(pending.faults(), ElementsAre("ERROR own schema: crm_metrics lacks 0001_history, 0002_facts_of_now, "
                                            "0003_facts_of_seven_domains, 0004_messages_seen, 0005_hours_by_agent, "
                                            "0006_quiet_and_late_minutes, 0007_teams, 0008_shares"));
  EXPECT_THAT(pending.advice(), HasSubstr("crm-metricsd migrate --admin-url"));
}

TEST_F(CheckHistory, ChangesThatNobodyCountsAndRescansAreWarnings) {
  execute(url_,
          "UPDATE crm_metrics.changes SET noted_at = now() - interval '3 hours'; "
          "INSERT INTO crm_metrics.rescans (reason) VALUES ('note_message_insert: disk full')");
  EXPECT_THAT(check().faults(),
              ElementsAre(MatchesRegex("warning changes: 2 wait to be counted, the oldest for 1080[0-9] s"),
                          AllOf(StartsWith("warning rescans: 1 waits: everything within the horizon is to be counted"),
                                HasSubstr("note_message_insert: disk full"))));
}

TEST_F(CheckHistory, SwitchedOffIsWhatTheOperatorWanted) {
  folder_.write("crm-metricsd.yaml",
                fmt::format("database: {{url: \"{}\"}}\nrollup: {{store: false}}\nplugins: {{directory: plugins, load: "
                            "[kpi]}}\n",
                            reader()));
  const Checked checked = check_configured();
  EXPECT_THAT(checked.faults(), IsEmpty());
  EXPECT_THAT(checked.of("history"), ElementsAre(StartsWith("ok history: switched off (rollup.store): everything")));
}

}  // namespace
