// `crm-metricsd check` as an operator runs it, and what the daemon does with what it warns of.

#include <regex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/json.h>
#include <crm/sdk/testing/golden.h>

#include "cluster.h"
#include "daemon.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* fast = "collectors: {kpi: {every: 1s, timeout: 2s, stale_after: 3s}}\n";

// What the clock, the machine and the port make is "*".
std::string masked(const std::string& output, const Daemon& daemon) {
  std::string text = std::regex_replace(output, std::regex("PostgreSQL [0-9][^\n]*"), "PostgreSQL *");
  text = std::regex_replace(text, std::regex("127.0.0.1:[^\n]*, answers in [0-9.]+ ms"), "*, answers in * ms");
  text = std::regex_replace(text, std::regex("within [0-9.]+ s"), "within * s");
  text = std::regex_replace(text, std::regex("[0-9]+ ms"), "* ms");
  text = std::regex_replace(text, std::regex("oldest for [0-9]+ s"), "oldest for * s");
  // An answer looks up months, days, hours and minutes by what its window's ends need: on a Monday other than on a
  // Sunday.
  text = std::regex_replace(text, std::regex("of [0-9]+ statements as they ran"), "of * statements as they ran");
  const std::string folder = daemon.folder().string();
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
    text.replace(at, folder.size(), "*");
  return text;
}

class CheckOfReference : public ::testing::Test {
 protected:
  CheckOfReference() {
    execute(admin_url_, read_text(std::filesystem::path(CRM_SOURCE_DIR) / "deploy/roles.sql"));
    execute(admin_url_, "ALTER ROLE crm_metrics_write LOGIN");
    keep_history();
    execute(admin_url_, sql(Agent{.name = "ann"}) +
                            sql(Ticket{.agent = "ann", .priority = "low", .created = "2026-01-01 00:00"}) +
                            "INSERT INTO messages (direction, sender_type) VALUES ('inbound', 'customer')");
  }

  static std::string of_writer(std::string url) { return url.replace(url.find("postgres@"), 8, "crm_metrics_write"); }
  // As an operator does it.
  void keep_history() const {
    const Daemon daemon(url_);
    const std::string config = "--config=" + daemon.config().string();
    const std::string source =
        "--source=" + (std::filesystem::path(CRM_SOURCE_DIR) / "config/source/reference").string();
    for (const auto& options : {std::vector<std::string>{}, {source, "--yes"}}) {
      std::vector<std::string> command{CRM_DAEMON, "migrate", config};
      command.insert(command.end(), options.begin(), options.end());
      const Finished migrated = run(command, {{"ADMIN_URL", admin_url_}});
      EXPECT_EQ(migrated.status, 0) << migrated.output;
    }
  }
  static Finished check(const Daemon& daemon) {
    return run({CRM_DAEMON, "check", "--config=" + daemon.config().string()});
  }

  const std::string admin_url_ = cluster().create_reference_database();
  const std::string url_ = of_writer(admin_url_);
};

TEST_F(CheckOfReference, PrintsThisAndEndsWithZero) {
  const Daemon daemon(url_,
                      {"kpi", "conversation-effectiveness", "whatsapp-performance", "customer-load",
                       "agent-productivity", "automation-impact", "business-impact"},
                      "timezone: Europe/Berlin\n");
  const Finished well = check(daemon);
  EXPECT_EQ(well.status, 0) << well.output;
  EXPECT_EQ(differs_from_golden(masked(well.output, daemon),
                                std::filesystem::path(CRM_SOURCE_DIR) / "tests/e2e/golden/check.txt"),
            std::nullopt);
}

TEST_F(CheckOfReference, EndsWithZeroAfterWarningsAndWithOneAfterAnError) {
  const Daemon daemon(url_);
  execute(admin_url_, "DROP VIEW crm_source.tickets");
  const Finished warned = check(daemon);
  EXPECT_EQ(warned.status, 0);
  EXPECT_THAT(warned.output, AllOf(HasSubstr("\n  warning  tickets              absent: what kpi counts of it"),
                                   EndsWith("\nno errors, 1 warning\n")));
  execute(admin_url_,
          "DROP VIEW crm_source.messages; CREATE VIEW crm_source.messages AS SELECT id AS message_id FROM messages; "
          "GRANT SELECT ON crm_source.messages TO crm_metrics_write");
  const Finished failed = check(daemon);
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(
      failed.output,
      AllOf(HasSubstr("\n  ERROR    messages             has no column created_at, a timestamp; needed by kpi\n"),
            EndsWith("\n14 errors, 1 warning\n")));  // 13 columns of 14, and kpi
}

TEST_F(CheckOfReference, OfADatabaseThatIsAwayIsOneErrorAndQuick) {
  std::string nowhere = url_;
  const std::string port = std::to_string(cluster().port());
  nowhere.replace(nowhere.find(port), port.size(), std::to_string(free_port()));
  const Daemon daemon(nowhere);
  const auto began = std::chrono::steady_clock::now();
  const Finished failed = check(daemon);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.output, EndsWith("\n1 error, no warnings\n"));
}

TEST_F(CheckOfReference, HasColoursOnATerminalOnly) {
  const Daemon daemon(url_);
  EXPECT_THAT(check(daemon).output, Not(HasSubstr("\033[")));
  const std::string command = fmt::format("{} check --config={}", CRM_DAEMON, daemon.config().string());
  const Finished terminal = run({"script", "--quiet", "--return", "--command", command, "/dev/null"});
  EXPECT_EQ(terminal.status, 0);
  EXPECT_THAT(terminal.output, HasSubstr("  \033[32mok\033[0m       kpi "));
  const Finished plain = run({"script", "--quiet", "--return", "--command", command, "/dev/null"}, {{"NO_COLOR", "1"}});
  EXPECT_THAT(plain.output, Not(HasSubstr("\033[")));
}

TEST_F(CheckOfReference, AViewWhoseRowsAreHiddenIsNoZeroInTheMetrics) {
  execute(admin_url_,
          "DO $$ BEGIN CREATE ROLE blind; EXCEPTION WHEN duplicate_object THEN NULL; END $$; "
          "ALTER TABLE tickets ENABLE ROW LEVEL SECURITY; GRANT SELECT ON tickets TO blind; "
          "ALTER VIEW crm_source.tickets OWNER TO blind");
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  EXPECT_THAT(daemon.log(),
              HasSubstr("view crm_source.tickets: row-level security on public.tickets hides every row from role blind "
                        "(read by statement kpi/open_tickets); `crm-metricsd check` prints what to do"));
  EXPECT_EQ(daemon.metric("crm_collector_success{collector=\"kpi\"}"), 0);
  EXPECT_THAT(daemon.metrics(),
              AllOf(Not(HasSubstr("crm_tickets_open{")), Not(HasSubstr("crm_conversations_active "))));
  const Reply reply = daemon.api("/api/dashboard/kpi");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(crm::Json::parse(reply.body)["error"]["code"], "source_contract");
  EXPECT_THAT(
      check(daemon).output,
      HasSubstr("\n  ERROR    tickets              row-level security on public.tickets hides every row from role\n"));

  execute(admin_url_, "ALTER VIEW crm_source.tickets OWNER TO postgres");
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_tickets_open{priority=\"low\"}") == 1; })) << daemon.log();
}

}  // namespace
