// `crm-metricsd migrate`: the daemon's own schema, and what a CRM's folder adds to the CRM's tables.

#include "app/migrate.h"

#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "history.h"
#include "rollup/crm_files.h"
#include "rollup/migrations.h"
#include "sessions.h"
#include "support/temporary_folder.h"

namespace {

using namespace crm::testing;
using crm::rollup::in_schema;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

class Migrate : public ::testing::Test {
 protected:
  Migrate() { configure(""); }
  void configure(const std::string& more) { folder_.write("crm-metricsd.yaml", "plugins: {directory: /tmp}\n" + more); }

  Said migrate(crm::app::MigrateOptions options, const std::string& answers = "", bool terminal = false) const {
    crm::app::CommandLine line;
    line.command = crm::app::Command::migrate;
    line.config = folder_.path() / "crm-metricsd.yaml";
    if (options.admin_url.empty() && !options.print) options.admin_url = url_;
    line.migrate = std::move(options);
    std::istringstream in(answers);
    std::ostringstream out;
    std::ostringstream err;
    crm::app::Console console{in, out, err, terminal};
    const int status = crm::app::migrate(line, console);
    return {status, out.str(), err.str()};
  }
  Said apply() const { return migrate({}); }
  Said status() const { return migrate({.status = true}); }
  Said source(const std::filesystem::path& folder) const { return migrate({.yes = true, .source = folder}); }

  std::string value(const std::string& sql) const { return scalar(url_, sql); }
  std::string tables(const std::string& schema = "crm_metrics") const {
    return value(fmt::format("SELECT count(*) FROM pg_tables WHERE schemaname = '{}'", schema));
  }

  const std::string url_ = cluster().create_reference_database();
  const TemporaryFolder folder_{"crm-migrate"};
};

// --- the own schema
// ----------------------------------------------------------------------------------------------------

TEST_F(Migrate, AppliesWhatIsPendingOnce) {
  const Said first = apply();
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(first.out,
            "applied  0001_history\napplied  0002_facts_of_now\napplied  0003_facts_of_seven_domains\napplied  "
            "0004_messages_seen\napplied  0005_hours_by_agent\napplied  0006_quiet_and_late_minutes\napplied  "
            "0007_teams\napplied  0008_shares\nown schema "
            "crm_metrics: up to date\n");
  EXPECT_EQ(value("SELECT string_agg(number || ' ' || name || ' ' || length(checksum), ', ' ORDER BY number) FROM "
                  "crm_metrics.schema_migrations"),
            "1 0001_history 64, 2 0002_facts_of_now 64, 3 0003_facts_of_seven_domains 64, 4 0004_messages_seen 64, "
            "5 0005_hours_by_agent 64, 6 0006_quiet_and_late_minutes 64, 7 0007_teams 64, 8 0008_shares 64");
  const Said second = apply();
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(second.out, "own schema crm_metrics: up to date\n");
}

TEST_F(Migrate, TellsWhatIsPending) {
  const Said before = status();
  EXPECT_EQ(before.status, 1);
  EXPECT_THAT(before.out,
              StartsWith("Own schema crm_metrics\n  pending  0001_history\n  pending  0002_facts_of_now\n"));
  EXPECT_EQ(tables(), "0");
  apply();
  const Said after = status();
  EXPECT_EQ(after.status, 0);
  EXPECT_THAT(
      after.out,
      MatchesRegex("Own schema crm_metrics\n  applied  0001_history  2[-0-9]+ [0-9:]+ UTC\n  applied  "
                   "0002_facts_of_now  2[-0-9]+ [0-9:]+ UTC\n  applied  0003_facts_of_seven_domains  2[-0-9]+ "
                   "[0-9:]+ UTC\n  applied  0004_messages_seen  2[-0-9]+ [0-9:]+ UTC\n  applied  0005_hours_by_agent  "
                   "2[-0-9]+ [0-9:]+ UTC\n  applied  0006_quiet_and_late_minutes  2[-0-9]+ [0-9:]+ UTC\n  applied  "
                   "0007_teams  2[-0-9]+ [0-9:]+ UTC\n  applied  0008_shares  2[-0-9]+ [0-9:]+ UTC\nup to date\n"));
}

TEST_F(Migrate, WhatItPrintsDoesTheSameInAnSqlEditorAsOftenAsYouLike) {
  const Said script = migrate({.print = true});
  EXPECT_EQ(script.status, 0);
  const auto file = folder_.write("script.sql", script.out);
  for (int time = 0; time < 2; ++time) {
    const Finished psql = run({"psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", url_, "-f", file.string()});
    EXPECT_EQ(psql.status, 0) << psql.output;
    EXPECT_EQ(psql.output, "");
  }
  EXPECT_EQ(status().status, 0);
  EXPECT_EQ(apply().out, "own schema crm_metrics: up to date\n");
  // As one text, which is one transaction of an editor's own.
  const std::string other = cluster().create_reference_database();
  execute(other, script.out);
  EXPECT_EQ(scalar(other, "SELECT count(*) FROM crm_metrics.schema_migrations"), "8");
}

TEST_F(Migrate, AMigrationThatWasChangedLaterIsRefused) {
  apply();
  execute(url_, "UPDATE crm_metrics.schema_migrations SET checksum = repeat('0', 64)");
  for (const Said& said : {apply(), status()}) {
    EXPECT_EQ(said.status, 1);
    EXPECT_THAT(said.err,
                AllOf(StartsWith("crm-metricsd: migration 0001_history was changed after it had been applied at 2"),
                      HasSubstr("(SHA-256 000000000000… there, ")));
  }
  EXPECT_THROW(execute(url_, migrate({.print = true}).out), std::runtime_error);
}

TEST_F(Migrate, AMigrationOfANewerVersionIsRefused) {
  apply();
  execute(url_, "INSERT INTO crm_metrics.schema_migrations (number, name, checksum) VALUES (9000, '9000_later', 'x')");
  EXPECT_THAT(apply().err,
              StartsWith("crm-metricsd: migration 9000_later of the own schema is unknown to this version"));
}

TEST_F(Migrate, TwoAtOnceMakeItOnce) {
  std::vector<Said> said(4);
  {
    std::vector<std::jthread> threads;
    for (Said& each : said) threads.emplace_back([&] { each = apply(); });
  }
  for (const Said& each : said) EXPECT_EQ(each.status, 0) << each.err;
  EXPECT_EQ(value("SELECT count(*) FROM crm_metrics.schema_migrations"), "8");
}

TEST_F(Migrate, ARoleThatMayNotIsToldSoAndLeavesNothing) {
  execute(url_, "DO $$ BEGIN CREATE ROLE visitor LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  std::string visitor = url_;
  visitor.replace(visitor.find("postgres@"), 8, "visitor");
  const Said said = migrate({.admin_url = visitor});
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, MatchesRegex("crm-metricsd: permission denied for database test_[0-9]+\n"));
  EXPECT_EQ(tables(), "0");
}

TEST_F(Migrate, TheAdminsUrlIsASecretThatMayComeFromTheEnvironment) {
  EXPECT_THAT(migrate({.admin_url = "postgresql://postgres:geheim@127.0.0.1:1/x"}).err,
              AllOf(HasSubstr("cannot connect to PostgreSQL"), Not(HasSubstr("geheim"))));
  const auto file = folder_.write("url", url_);
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  const auto config = "--config=" + (folder_.path() / "crm-metricsd.yaml").string();
  EXPECT_EQ(run({CRM_DAEMON, "migrate", config}, {{"ADMIN_URL_FILE", file.string()}}).status, 0);
  EXPECT_EQ(run({CRM_DAEMON, "migrate", config, "--status"}, {{"ADMIN_URL", url_}}).status, 0);
  EXPECT_THAT(run({CRM_DAEMON, "migrate", config}).output, HasSubstr("give --admin-url=postgresql://"));
}

TEST_F(Migrate, OptionsThatDoNotFitAreRefused) {
  EXPECT_EQ(run({CRM_DAEMON, "check", "--status"}).status, 2);
  EXPECT_EQ(run({CRM_DAEMON, "migrate", "--status", "--print"}).status, 2);
  EXPECT_EQ(run({CRM_DAEMON, "migrate", "--yes"}).status, 2);
}

TEST_F(Migrate, MakesTheSchemaThatIsConfiguredToo) {
  configure("rollup: {schema: Metrics_2}\n");
  EXPECT_EQ(apply().status, 0);
  EXPECT_EQ(tables("Metrics_2"), "28");
  EXPECT_EQ(tables("crm_metrics"), "0");
  const Said fed = source(std::filesystem::path(CRM_SOURCE_DIR) / "config/source/reference");
  EXPECT_EQ(fed.status, 0) << fed.err;
  EXPECT_THAT(fed.out, HasSubstr("INSERT INTO \"Metrics_2\".changes"));
  execute(url_,
          "INSERT INTO messages (direction, sender_type, created_at) VALUES ('inbound', 'customer', '2026-03-10'), "
          "('inbound', 'customer', now() AT TIME ZONE 'UTC')");
  EXPECT_EQ(value("SELECT count(*) FROM \"Metrics_2\".changes"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM \"Metrics_2\".written_messages"), "2");
}

TEST_F(Migrate, LivesInPublicBesideTheCrmAndClosesOnlyItsOwn) {
  execute(url_,
          "DROP VIEW crm_source.agent_status; DROP TABLE agent_activity_logs; GRANT SELECT ON contacts TO PUBLIC");
  configure("rollup: {schema: public}\n");
  const Said said = apply();
  EXPECT_EQ(said.status, 0) << said.err;
  execute(url_, "DO $$ BEGIN CREATE ROLE visitor LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  EXPECT_EQ(
      value("SELECT concat_ws(' ', has_schema_privilege('visitor', 'public', 'USAGE'), has_table_privilege('visitor', "
            "'contacts', 'SELECT'), has_table_privilege('visitor', 'changes', 'SELECT'))"),
      "t t f");
}

TEST_F(Migrate, ATableOfThatNameInPublicIsNotTaken) {
  configure("rollup: {schema: public}\n");
  EXPECT_THAT(apply().err, HasSubstr("migration 0001_history: relation \"agent_activity_logs\" already exists"));
  EXPECT_EQ(value("SELECT to_regclass('public.changes') IS NULL"), "t");
}

TEST_F(Migrate, AnotherProgramsSchemaMigrationsIsNotTaken) {
  execute(url_, "CREATE TABLE schema_migrations (version text)");
  configure("rollup: {schema: public}\n");
  EXPECT_THAT(apply().err, HasSubstr("public.schema_migrations is another program's table"));
}

TEST_F(Migrate, IdsHaveTheTypesOfTheViews) {
  const std::string other = with_history(create_database(cluster(), Crm::other), Crm::other);
  const char* types =
      "SELECT string_agg(format_type(atttypid, NULL), ' ' ORDER BY attname) FROM pg_attribute WHERE attrelid = "
      "'crm_metrics.conversation_metrics'::regclass AND attname IN ('agent_id', 'conversation_id')";
  EXPECT_EQ(scalar(other, types), "bigint text");
  apply();
  EXPECT_EQ(value(types), "uuid uuid");
}

// --- rights
// ------------------------------------------------------------------------------------------------------------

class MigrateRoles : public Migrate, public ::testing::WithParamInterface<bool> {
 protected:
  MigrateRoles() {
    execute(url_,
            "DO $$ BEGIN CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; EXCEPTION WHEN duplicate_object "
            "THEN NULL; END $$");
    // As Supabase has it: whatever is made is theirs.
    execute(url_, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon, authenticated");
    const std::string roles = read_text(std::filesystem::path(CRM_SOURCE_DIR) / "deploy/roles.sql");
    if (GetParam()) execute(url_, roles);
    EXPECT_EQ(apply().status, 0);
    if (!GetParam()) execute(url_, roles);
    apply();
  }
  std::string may(const std::string& role, const std::string& right) const {
    return value(fmt::format(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'crm_metrics'::regnamespace AND relkind = 'r' AND "
        "has_schema_privilege('{0}', relnamespace, 'USAGE') AND has_table_privilege('{0}', oid, '{1}')",
        role, right));
  }
};
INSTANTIATE_TEST_SUITE_P(RolesSql, MigrateRoles, ::testing::Values(true, false),
                         [](const auto& first) { return first.param ? "Before" : "After"; });

TEST_P(MigrateRoles, ReadersReadAndWritersWriteEveryTable) {
  EXPECT_EQ(tables(), "28");  // a new one belongs into rights.sql
  EXPECT_EQ(may("crm_metrics_read", "SELECT"), "28");
  EXPECT_EQ(may("crm_metrics_read", "INSERT, UPDATE, DELETE, TRUNCATE"), "0");
  EXPECT_EQ(may("crm_metrics_write", "SELECT"), "28");
  for (const char* right : {"INSERT", "UPDATE", "DELETE"}) EXPECT_EQ(may("crm_metrics_write", right), "27");
  EXPECT_EQ(
      value(
          "SELECT has_table_privilege('crm_metrics_write', 'crm_metrics.schema_migrations', 'INSERT, UPDATE, DELETE')"),
      "f");
  EXPECT_EQ(
      value("SELECT string_agg(r.name || ' ' || p.name, ', ') FROM (VALUES ('crm_metrics_read'), "
            "('crm_metrics_write')) r (name), (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p (name) WHERE "
            "has_table_privilege(r.name, 'crm_metrics.written_messages', p.name)"),
      "crm_metrics_read SELECT, crm_metrics_write SELECT");
  EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relnamespace = 'crm_source'::regnamespace AND relkind = 'v' AND "
                  "has_table_privilege('crm_metrics_write', oid, 'SELECT')"),
            "11");
}

TEST_P(MigrateRoles, StrangersHaveNothing) {
  for (const char* stranger : {"anon", "authenticated"}) {
    EXPECT_EQ(value(fmt::format("SELECT count(*) FROM pg_class WHERE relnamespace = 'crm_metrics'::regnamespace AND "
                                "relkind IN ('r', 'v') AND "
                                "has_table_privilege('{}', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')",
                                stranger)),
              "0");
    EXPECT_EQ(value(fmt::format("SELECT has_schema_privilege('{}', 'crm_metrics', 'USAGE')", stranger)), "f");
  }
}

TEST_P(MigrateRoles, AWriterTakesTheLockOfAStep) {
  EXPECT_NO_THROW(
      execute(url_,
              "SET ROLE crm_metrics_write; BEGIN; LOCK TABLE crm_metrics.rollup_state IN EXCLUSIVE MODE; "
              "UPDATE crm_metrics.rollup_state SET steps = steps + 1; INSERT INTO crm_metrics.changes (entity) "
              "VALUES ('x'); DELETE FROM crm_metrics.changes; COMMIT"));
}

// --- a CRM's folder
// ----------------------------------------------------------------------------------------------------

class MigrateSource : public Migrate {
 protected:
  MigrateSource() { apply(); }
  std::filesystem::path crm(const std::string& file, const std::string& sql) const {
    std::filesystem::create_directory(folder_.path() / "crm");
    folder_.write("crm/" + file, sql);
    return folder_.path() / "crm";
  }
  std::string has_column() const {
    return value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'profiles'::regclass AND attname = 'extra'");
  }
};

TEST_F(MigrateSource, AppliesTheReferenceCrmsAsOftenAsYouLike) {
  const auto reference = std::filesystem::path(CRM_SOURCE_DIR) / "config/source/reference";
  for (int time = 0; time < 2; ++time) {
    const Said said = source(reference);
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(said.err, "");
    for (const char* file : {"columns.sql", "changes.sql", "indexes.sql"}) {
      EXPECT_THAT(said.out, AllOf(HasSubstr("--- " + (reference / file).string() + "\n" + read_text(reference / file)),
                                  HasSubstr("applied  " + (reference / file).string() + "\n")));
    }
  }
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'crm_metrics%'"), "35");
}

TEST_F(MigrateSource, AsksOnATerminalAboutEachFile) {
  const auto folder = crm("columns.sql", "ALTER TABLE profiles ADD extra int;\n");
  crm("indexes.sql", "CREATE INDEX extra_index ON profiles (id);\n");
  const Said no = migrate({.source = folder}, "n\nn\n", true);
  EXPECT_EQ(no.status, 0);
  EXPECT_THAT(no.out,
              AllOf(HasSubstr("ALTER TABLE profiles ADD extra int;"), HasSubstr("columns.sql? [y/N] passed over")));
  EXPECT_EQ(has_column(), "0");
  const Said second = migrate({.source = folder}, "\ny\n", true);
  EXPECT_EQ(has_column(), "0");
  EXPECT_EQ(value("SELECT to_regclass('extra_index') IS NOT NULL"), "t");
  EXPECT_EQ(migrate({.source = folder}, "y\n", true).status, 0);  // and no more answers: nobody said yes
  EXPECT_EQ(has_column(), "1");
}

TEST_F(MigrateSource, WithoutATerminalItPrintsAndSaysWhatToAdd) {
  const Said said = migrate({.source = crm("columns.sql", "ALTER TABLE profiles ADD extra int;\n")});
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.out, HasSubstr("ALTER TABLE profiles ADD extra int;"));
  EXPECT_THAT(said.err, HasSubstr("add --yes"));
  EXPECT_EQ(has_column(), "0");
}

TEST_F(MigrateSource, AFileIsAppliedWholeOrNotAtAll) {
  const Said said = source(crm("columns.sql", "ALTER TABLE profiles ADD extra int; ALTER TABLE nobody ADD extra int;"));
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("columns.sql: relation \"nobody\" does not exist; nothing of this file was applied"));
  EXPECT_EQ(has_column(), "0");
}

TEST_F(MigrateSource, AFileThatEndsTheTransactionIsRefused) {
  const Said said = source(crm("changes.sql", "ALTER TABLE profiles ADD extra int; -- now\n /* really */ COMMIT;"));
  EXPECT_THAT(said.err, HasSubstr("'COMMIT': take it out"));
  EXPECT_EQ(has_column(), "0");
}

TEST_F(MigrateSource, ATableThatIsInUseIsNotWaitedForLong) {
  DatabaseSession busy(url_);
  busy.execute("BEGIN; SELECT count(*) FROM profiles");
  const auto began = std::chrono::steady_clock::now();
  const Said said = source(crm("columns.sql", "ALTER TABLE profiles ADD extra int;"));
  EXPECT_THAT(said.err, HasSubstr("columns.sql: canceling statement due to lock timeout"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(MigrateSource, IndexesAreBuiltOneByOneAndOneThatFailsKeepsNoOtherFromIt) {
  const Said said =
      source(crm("indexes.sql",
                 "CREATE INDEX CONCURRENTLY one ON messages (id);\nCREATE INDEX CONCURRENTLY no ON nobody (id);\n"
                 "CREATE INDEX CONCURRENTLY two ON messages (content) WHERE content <> ';';"));
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err,
              HasSubstr("indexes.sql: CREATE INDEX CONCURRENTLY no ON nobody (id): relation \"nobody\" does not"));
  EXPECT_EQ(
      value("SELECT count(*) FROM pg_index WHERE indexrelid IN ('one'::regclass, 'two'::regclass) AND indisvalid"),
      "2");
}

TEST_F(MigrateSource, AnIndexWhoseBuildingWasInterruptedIsNamed) {
  execute(url_,
          "INSERT INTO messages (direction, sender_type) SELECT 'inbound', 'customer' FROM generate_series(1, 2)");
  const Said said = source(crm("indexes.sql", "CREATE UNIQUE INDEX CONCURRENTLY twice ON messages (direction)"));
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err,
              AllOf(HasSubstr("could not create unique index \"twice\""),
                    HasSubstr("index public.twice is INVALID, its building was interrupted: DROP INDEX CONCURRENTLY "
                              "public.twice; then run this again")));
}

TEST_F(MigrateSource, ComesAfterTheMigrations) {
  const std::string bare = cluster().create_reference_database();
  const Said said = migrate({.admin_url = bare, .yes = true, .source = crm("columns.sql", "SELECT 1")});
  EXPECT_THAT(said.err,
              HasSubstr("the own schema crm_metrics lacks migration 0001_history: run crm-metricsd migrate without"));
}

TEST_F(MigrateSource, AFolderWithoutFilesIsAMistake) {
  EXPECT_THAT(source(folder_.path() / "nowhere").err, HasSubstr("nowhere is no folder"));
  EXPECT_THAT(source(folder_.path()).err, HasSubstr("has none of columns.sql, changes.sql, indexes.sql"));
}

TEST(InSchema, ReplacesTheNameAndNoOther) {
  EXPECT_EQ(in_schema("crm_metrics.a crm_metrics_read 'crm_metrics' my_crm_metrics", "x"),
            "\"x\".a crm_metrics_read '\"x\"' my_crm_metrics");
  EXPECT_EQ(in_schema("crm_metrics.a", "crm_metrics"), "crm_metrics.a");
  EXPECT_THROW(in_schema("", "x\"; DROP"), std::invalid_argument);
}

}  // namespace
