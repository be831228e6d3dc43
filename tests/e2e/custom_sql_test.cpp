// Collectors written in conf.d, in the real daemon: a good and a broken one beside a section of code.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <crm/sdk/json.h>

#include "cluster.h"
#include "daemon.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;
using crm::Json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* drop_in = R"(
collectors:
  kpi: {every: 1s}
  custom/open-tickets: {every: 1s}
  custom/broken: {every: 1s}
plugins:
  options:
    custom-sql:
      collectors:
        open-tickets:
          title: Open tickets
          help: Tickets that are open now, by priority.
          agent_column: agent_id
          sql: |
            SELECT t.agent_id, t.priority, count(*) AS tickets
            FROM tickets t
            WHERE t.resolved_at IS NULL
            GROUP BY t.agent_id, t.priority
            ORDER BY t.priority
          columns:
            priority: {role: label}
            tickets: {role: gauge, type: integer, merge: sum, metric: crm_custom_open_tickets}
        broken:
          help: Nothing.
          sql: SELECT count(*) AS n FORM tickets
          columns: {n: {role: gauge}}
)";

class CustomSqlDaemon : public ::testing::Test {
 protected:
  CustomSqlDaemon() : url_(cluster().create_reference_database()) {
    execute(url_, sql(Agent{.name = "ann", .supervisor = "sue"}) + sql(Agent{.name = "bob"}) +
                      sql(Agent{.name = "sue", .role = "supervisor"}) +
                      sql(Ticket{.agent = "ann", .priority = "high", .created = "2026-01-01 00:00"}) +
                      sql(Ticket{.agent = "bob", .priority = "high", .created = "2026-01-01 00:00"}) +
                      sql(Ticket{.priority = "low", .created = "2026-01-01 00:00"}));
  }

  static void write(const Daemon& daemon, const std::string& yaml) {
    std::filesystem::create_directories(daemon.folder() / "conf.d");
    std::ofstream(daemon.folder() / "conf.d" / "tickets.yaml") << yaml;
  }

  static std::map<std::string, std::string> as(const std::string& role, const std::string& name) {
    return {{"X-CRM-Role", role}, {"X-CRM-Subject", id(name)}};
  }

  const std::string url_;
};

TEST_F(CustomSqlDaemon, RunsAGoodAndABrokenCollectorBesideKpi) {
  Daemon daemon(url_, {"kpi", "custom-sql"});
  write(daemon, drop_in);
  daemon.start();
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_collector_success{collector=\"custom/broken\"}") == 0; }))
      << daemon.log();
  EXPECT_TRUE(eventually([&] {
    return daemon.metric("crm_collector_success{collector=\"custom/open-tickets\"}") == 1;
  })) << daemon.log();
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_collector_success{collector=\"kpi\"}") == 1; }))
      << daemon.log();
  EXPECT_EQ(daemon.metric("crm_custom_open_tickets{priority=\"high\"}"), 2);
  EXPECT_EQ(daemon.metric("crm_custom_open_tickets{priority=\"low\"}"), 1);
  EXPECT_EQ(daemon.metric("crm_tickets_open{priority=\"high\"}"), 2);
  EXPECT_THAT(daemon.metrics(), Not(HasSubstr("crm_custom_broken_n")));
  EXPECT_THAT(daemon.log(), HasSubstr("tickets.yaml:23: statement custom-sql/broken: syntax error at or near "));
  const auto file = daemon.folder() / "metrics.txt";
  std::ofstream(file) << daemon.metrics();
  EXPECT_EQ(run({"sh", "-c", "promtool check metrics < " + file.string()}).output, "");

  const Reply all = daemon.api("/api/dashboard/custom/open-tickets");
  EXPECT_EQ(all.body, R"({"rows":[{"priority":"high","tickets":1},{"priority":"high","tickets":1},)"
                      R"({"priority":"low","tickets":1}],"truncated":false})");
  const std::string anns = R"({"rows":[{"priority":"high","tickets":1}],"truncated":false})";
  EXPECT_EQ(daemon.api("/api/dashboard/custom/open-tickets", as("agent", "ann")).body, anns);
  EXPECT_EQ(daemon.api("/api/dashboard/custom/open-tickets", as("supervisor", "sue")).body, anns);
  EXPECT_EQ(daemon.api("/api/dashboard/custom/open-tickets?dateRange=week").status, 200);
  EXPECT_EQ(daemon.api("/api/dashboard/custom/open-tickets?priority=high").status, 400);

  EXPECT_EQ(daemon.api("/api/dashboard/custom/broken").status, 503);
  EXPECT_THAT(daemon.api("/api/dashboard/custom/broken").body, HasSubstr("syntax error"));
  EXPECT_EQ(daemon.api("/api/dashboard/custom/broken", as("agent", "ann")).status, 403);
  EXPECT_EQ(daemon.api("/api/dashboard/kpi").status, 200);
  EXPECT_THAT(daemon.api("/api/dashboard").body, HasSubstr("\"path\":\"/api/dashboard/custom/open-tickets\""));
}

TEST_F(CustomSqlDaemon, IsCheckedAndPrintedAsAllThatIsConfigured) {
  const Daemon daemon(url_, {"kpi", "custom-sql"});
  write(daemon, drop_in);
  const auto told = [](const std::string& command, const std::filesystem::path& config) {
    return run({"sh", "-c", std::string(CRM_DAEMON) + " " + command + " --config=" + config.string()}).output;
  };
  const std::string checked = told("check", daemon.config());
  EXPECT_THAT(checked, HasSubstr("ok       custom/open-tickets  Open tickets: 1 family, 1 statement"));
  EXPECT_THAT(checked, HasSubstr("ok       custom/open-tickets  2 samples in "));
  EXPECT_THAT(checked,
              HasSubstr("ERROR    custom/broken        " + (daemon.folder() / "conf.d/tickets.yaml:23: ").string()));

  const std::string printed = told("config print", daemon.config());
  EXPECT_THAT(printed, HasSubstr("SELECT t.agent_id, t.priority, count(*) AS tickets"));
  std::filesystem::create_directory(daemon.folder() / "again");
  const auto again = daemon.folder() / "again" / "crm-metricsd.yaml";
  std::ofstream(again) << printed;
  EXPECT_EQ(told("config print", again), printed) << "what is printed reads back as the same collectors";
}

TEST_F(CustomSqlDaemon, KeepsWhatItHasWhenAFileIsBadOnReload) {
  Daemon daemon(url_, {"kpi", "custom-sql"});
  write(daemon, drop_in);
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  std::string bad = drop_in;
  bad.replace(bad.find("role: label"), 11, "role: lable");
  write(daemon, bad);
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_config_last_reload_successful") == 0; })) << daemon.log();
  EXPECT_THAT(
      daemon.log(),
      HasSubstr("tickets.yaml:21: plugins.options.custom-sql.collectors.open-tickets.columns.priority.role: must be "
                "label, gauge, counter, bucket, sum or detail, not 'lable'"));
  EXPECT_EQ(daemon.api("/api/dashboard/custom/open-tickets").status, 200);
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_custom_open_tickets{priority=\"high\"}") == 2; }));

  write(daemon, "");
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_config_last_reload_successful") == 1; })) << daemon.log();
  EXPECT_THAT(daemon.log(), HasSubstr("plugin custom-sql is loaded and has no collector: its options ask for none"));
  EXPECT_EQ(daemon.api("/api/dashboard/custom/open-tickets").status, 404);
  EXPECT_EQ(daemon.api("/api/dashboard/kpi").status, 200);
}

}  // namespace
