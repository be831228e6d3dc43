// The real binary on a real PostgreSQL: what a user does to it, and what the world does to it.

#include "daemon.h"

#include <chrono>
#include <fstream>
#include <future>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <crm/sdk/json.h>
#include <crm/sdk/testing/golden.h>

#include "cluster.h"
#include "support/neighbour.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;
using crm::Json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* fast = "collectors: {kpi: {every: 1s, timeout: 2s, stale_after: 3s}}\n";

// Ten minutes' traffic of two agents, ending now: three inbound, two answered after 60 s and 30 s.
std::string traffic() {
  return sql(Agent{.name = "ann", .supervisor = "sue"}) + sql(Agent{.name = "bob"}) +
         sql(Agent{.name = "sue", .role = "supervisor"}) + R"sql(
    INSERT INTO conversations (id, assigned_agent_id, created_at, resolved_at)
    SELECT id, agent, now() AT TIME ZONE 'UTC' - interval '5 s', resolved
    FROM (VALUES (')sql" +
         id("c1") + "'::uuid, '" + id("ann") + "'::uuid, NULL::timestamp), ('" + id("c2") + "', '" + id("bob") +
         "', NULL), ('" + id("c3") + "', NULL, now() AT TIME ZONE 'UTC')) v (id, agent, resolved);" + R"sql(
    INSERT INTO messages (conversation_id, direction, sender_type, delivery_status, created_at)
    SELECT conversation, direction, sender, status, now() AT TIME ZONE 'UTC' - back
    FROM (VALUES (')sql" +
         id("c1") + "'::uuid, 'inbound', 'customer', 'delivered', interval '4 s'), ('" + id("c1") +
         "', 'outbound', 'agent', 'read', interval '3 s'), ('" + id("c2") +
         "', 'inbound', 'customer', 'delivered', interval '4 s'), ('" + id("c2") +
         "', 'outbound', 'agent', 'failed', interval '2 s'), ('" + id("c3") +
         "', 'inbound', 'customer', 'delivered', interval '1 s')) v (conversation, direction, sender, status, back);" +
         sql(Ticket{.agent = "ann", .priority = "urgent", .created = "2026-01-01 00:00"}) +
         sql(Ticket{.agent = "bob", .priority = "low", .created = "2026-01-01 00:00"});
}

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

// /metrics without what time and the machine make: "*" for such values, and no requests (how often the test had to
// ask).
std::string masked(const std::string& metrics) {
  const std::vector<std::string> of_the_moment{"crm_build_info{",
                                               "crm_chats_hour_of_week",
                                               "crm_collector_as_of_timestamp",
                                               "crm_collector_duration",
                                               "crm_collector_last_success",
                                               "crm_collector_runs_total",
                                               "crm_config_last_reload_timestamp",
                                               "crm_http_requests_in_flight",
                                               "crm_pool_connections",
                                               "crm_query_",
                                               "process_"};
  std::istringstream lines(metrics);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (begins_with(line, "crm_http_request_duration_seconds")) continue;
    for (const std::string& name : of_the_moment) {
      if (begins_with(line, name)) line = line.substr(0, name.back() == '{' ? name.size() - 1 : line.rfind(' ')) + " *";
    }
    text += line + "\n";
  }
  return text;
}

std::map<std::string, std::string> as(const std::string& role, const std::string& subject = "") {
  if (subject.empty()) return {{"X-CRM-Role", role}};
  return {{"X-CRM-Role", role}, {"X-CRM-Subject", id(subject)}};
}

class DaemonOnData : public ::testing::Test {
 protected:
  DaemonOnData() : url_(cluster().create_reference_database()) { execute(url_, traffic()); }

  Json kpi(const Daemon& daemon, const std::map<std::string, std::string>& caller = {}) const {
    const Reply reply = daemon.api("/api/dashboard/kpi", caller);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return Json::parse(reply.body);
  }

  const std::string url_;
};

TEST_F(DaemonOnData, AnswersEveryRoleWithItsOwnRows) {
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  const Json owner = kpi(daemon);
  EXPECT_EQ(owner["activeConversations"]["value"], 2);  // c1, c2; c3 is resolved
  EXPECT_EQ(owner["messagesToday"]["value"], 5);
  EXPECT_EQ(owner["openTickets"]["value"], 2);
  EXPECT_EQ(owner["whatsappDeliveryRate"]["value"], 50.0);  // one read, one failed
  EXPECT_EQ(kpi(daemon, as("admin")), owner);
  const Json ann = kpi(daemon, as("agent", "ann"));
  EXPECT_EQ(ann["activeConversations"]["value"], 1);
  EXPECT_EQ(ann["messagesToday"]["value"], 2);
  EXPECT_EQ(ann["openTickets"]["byPriority"]["high"], 1);
  EXPECT_EQ(ann["whatsappDeliveryRate"]["value"], 100.0);
  EXPECT_EQ(ann["avgResponseTime"]["value"], 1);  // 4 s ago → 3 s ago
  EXPECT_EQ(kpi(daemon, as("supervisor", "sue"))["messagesToday"]["value"], 2);
  EXPECT_EQ(kpi(daemon, as("agent", "bob"))["openTickets"]["byPriority"]["low"], 1);
}

TEST_F(DaemonOnData, RefusesWhatItDoesNotUnderstandAndHelps) {
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  const auto error = [&](const Reply& reply) { return Json::parse(reply.body)["error"]; };
  const Reply role = daemon.api("/api/dashboard/kpi", {{"X-CRM-Role", "boss"}});
  EXPECT_EQ(role.status, 400);
  EXPECT_THAT(error(role)["message"].get<std::string>(), HasSubstr("'boss' is no role"));
  EXPECT_EQ(daemon.api("/api/dashboard/kpi", {{"X-CRM-Role", "agent"}}).status, 400);
  const Reply subject =
      daemon.api("/api/dashboard/kpi", {{"X-CRM-Role", "agent"}, {"X-CRM-Subject", "'; DROP TABLE x"}});
  EXPECT_EQ(subject.status, 403);
  EXPECT_EQ(error(subject)["code"], "forbidden");
  const Reply range = daemon.api("/api/dashboard/kpi?dateRange=decade");
  EXPECT_EQ(range.status, 400);
  EXPECT_EQ(error(range)["parameter"], "dateRange");
  const Reply misspelt = daemon.api("/api/dashboard/kpi?daterange=today");
  EXPECT_THAT(error(misspelt)["message"].get<std::string>(), HasSubstr("did you mean 'dateRange'?"));
  const Reply section = daemon.api("/api/dashboard/kpis");
  EXPECT_EQ(section.status, 404);
  EXPECT_EQ(error(section)["sections"].dump(), R"(["kpi"])");
  EXPECT_EQ(ask("POST", daemon.api_port(), "/api/dashboard/kpi").status, 405);
  EXPECT_EQ(ask("GET", daemon.api_port(), "/api/dashboard/kpi", {{"Host", "evil.example"}}).status, 421);
  for (const Reply& reply : {role, subject, range, section}) {
    EXPECT_EQ(error(reply)["requestId"], reply.headers.at("X-Request-Id"));
  }
}

// All sections, over sessions of which one says a word that nobody knows.
const std::vector<std::string> all_sections{"kpi",
                                            "conversation-effectiveness",
                                            "whatsapp-performance",
                                            "customer-load",
                                            "agent-productivity",
                                            "automation-impact",
                                            "business-impact"};
const std::string golden_yaml = std::string(fast) + "metrics: {label_key: the golden label key}\n";

void given_sessions(const std::string& url) {
  execute(url,
          "INSERT INTO whatsapp_sessions (session_id, phone_number, status, last_seen) VALUES "
          "('4915100000001', '+4915100000001', 'CONNECTED', '2026-01-01 00:00'), "
          "('support', '+4915100000002', 'on holiday', NULL)");
}

TEST_F(DaemonOnData, MetricsAreGoldenAndLintFree) {
  given_sessions(url_);
  Daemon daemon(url_, all_sections, golden_yaml);
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  const auto file = daemon.folder() / "metrics.txt";
  std::ofstream(file) << daemon.metrics();
  EXPECT_EQ(run({"sh", "-c", "promtool check metrics < " + file.string()}).output, "");
  const auto differs = differs_from_golden(masked(daemon.metrics()),
                                           std::filesystem::path(CRM_SOURCE_DIR) / "tests/e2e/golden/metrics.txt");
  EXPECT_EQ(differs, std::nullopt) << differs.value_or("");
}

// The question of an owner is the scheduler's own.
TEST_F(DaemonOnData, KeepsItsSamplesWhoeverAsksMeanwhile) {
  Daemon daemon(url_, {"kpi"}, "collectors: {kpi: {every: 1h}}\n");
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_conversations_active") == 2; })) << daemon.log();
  EXPECT_EQ(kpi(daemon, as("owner"))["activeConversations"]["value"], 2);
  EXPECT_EQ(daemon.metric("crm_conversations_active"), 2);
}

TEST_F(DaemonOnData, IsTheSameThroughAPoolerThatOthersUseToo) {
  const PgBouncer pooler(cluster().port());
  leave_session_state(pooler.url(url_));
  given_sessions(url_);
  Daemon daemon(pooler.url(url_), all_sections, golden_yaml);
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  const auto differs = differs_from_golden(masked(daemon.metrics()),
                                           std::filesystem::path(CRM_SOURCE_DIR) / "tests/e2e/golden/metrics.txt");
  EXPECT_EQ(differs, std::nullopt) << differs.value_or("");
  EXPECT_EQ(kpi(daemon)["messagesToday"]["value"], 5);
  EXPECT_EQ(kpi(daemon)["openTickets"]["value"], 2);
  EXPECT_EQ(kpi(daemon, as("agent", "ann"))["messagesToday"]["value"], 2);
  EXPECT_EQ(kpi(daemon, as("agent", "ann"))["avgResponseTime"]["value"], 1);  // 4 s ago → 3 s ago
  EXPECT_EQ(kpi(daemon, as("supervisor", "sue"))["openTickets"]["byPriority"]["high"], 1) << "ann's";
  EXPECT_EQ(kpi(daemon, as("agent", "bob"))["openTickets"]["byPriority"]["low"], 1);
  EXPECT_EQ(daemon.metric("crm_postgres_up"), 1);
}

TEST_F(DaemonOnData, StopsCleanlyOnSigterm) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Daemon daemon(url_, {"kpi"}, fast);
    daemon.start();
    ASSERT_TRUE(daemon.ready());
    daemon.process().signal(signal);
    EXPECT_EQ(daemon.process().wait(std::chrono::seconds(20)), 0) << daemon.log();
    EXPECT_THAT(daemon.log(), HasSubstr("stopped"));
  }
}

TEST_F(DaemonOnData, AnswersWhatHasBegunBeforeItStops) {
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  // A lock holds the answer up until the stop has begun.
  execute(url_,
          "CREATE TABLE gate (); ALTER VIEW crm_source.tickets RENAME TO tickets_behind_gate; CREATE VIEW "
          "crm_source.tickets AS "
          "SELECT t.* FROM crm_source.tickets_behind_gate t WHERE pg_sleep(1) IS NOT NULL");
  auto answer = std::async(std::launch::async, [&] { return daemon.api("/api/dashboard/kpi"); });
  ASSERT_TRUE(eventually([&] {
    return scalar(url_,
                  "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%open_tickets%' AND query NOT LIKE "
                  "'%pg_stat%' AND state = 'active'") != "0";
  }));
  daemon.process().signal(SIGTERM);
  EXPECT_THAT(answer.get().status, ::testing::AnyOf(200, 504)) << "an answer, not a reset";
  EXPECT_EQ(daemon.process().wait(std::chrono::seconds(30)), 0) << daemon.log();
}

TEST_F(DaemonOnData, ReloadsOnSighupAndKeepsTheOldConfigurationWhenTheNewOneIsBad) {
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  EXPECT_EQ(daemon.metric("crm_config_last_reload_successful"), 1);

  daemon.configure(url_, std::string(fast) + "sla: {frist_response_seconds: 60}\n");
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_config_last_reload_successful") == 0; })) << daemon.log();
  EXPECT_THAT(
      daemon.log(),
      HasSubstr(
          "crm-metricsd.yaml:7: sla.frist_response_seconds: unknown key; did you mean 'first_response_seconds'?"));
  EXPECT_THAT(daemon.log(), HasSubstr("the old configuration stays"));
  EXPECT_EQ(kpi(daemon)["messagesToday"]["value"], 5);

  daemon.configure(url_, std::string(fast) + "sla: {first_response_seconds: 1}\ntimezone: " + other_calm_zone() + "\n");
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_config_last_reload_successful") == 1; })) << daemon.log();
  EXPECT_THAT(daemon.log(), HasSubstr("changed: sla.first_response_seconds, timezone"));
  EXPECT_EQ(kpi(daemon)["avgResponseTime"]["slaStatus"], "warning");  // 1.5 s = 1.5 × 1 s
}

TEST_F(DaemonOnData, MovesItsListenerOnReload) {
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  const int port = free_port();
  std::string yaml = read_text(daemon.config());
  const std::string old = fmt::format("api: {{listen: \"127.0.0.1:{}\"", daemon.api_port());
  yaml.replace(yaml.find(old), old.size(), fmt::format("api: {{listen: \"127.0.0.1:{}\"", port));
  std::ofstream(daemon.config()) << yaml;
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return get(port, "/api/dashboard/kpi").status == 200; })) << daemon.log();
  EXPECT_TRUE(eventually([&] { return daemon.api("/api/dashboard/kpi").status == 0; }))
      << "the old address is free again";
}

TEST_F(DaemonOnData, StartsWithoutItsDatabaseSaysSoAndRecovers) {
  PostgresCluster own;
  const std::string url = own.create_reference_database();
  execute(url, traffic());
  own.kill();
  Daemon daemon(url, {"kpi"}, fast);
  daemon.start();
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_postgres_up") == 0; })) << daemon.log();
  EXPECT_TRUE(eventually([&] { return daemon.log().find("Connection refused") != std::string::npos; })) << daemon.log();
  EXPECT_EQ(daemon.api("/api/dashboard/kpi").status, 503);
  EXPECT_EQ(Json::parse(daemon.api("/api/dashboard/kpi").body)["error"]["code"], "source_unavailable");
  EXPECT_THAT(daemon.metrics(), Not(HasSubstr("crm_messages_today"))) << "no zeros as data";

  own.start();
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_messages_today{direction=\"inbound\"}") == 3; },
                         std::chrono::seconds(40)))
      << daemon.log();
  EXPECT_EQ(kpi(daemon)["messagesToday"]["value"], 5);

  own.kill();  // gone again: the last answer, marked as such
  Reply stale;
  ASSERT_TRUE(eventually([&] { return (stale = daemon.api("/api/dashboard/kpi")).headers.count("X-CRM-Stale") == 1; }));
  EXPECT_EQ(stale.status, 200);
  const Json document = Json::parse(stale.body);
  EXPECT_EQ(document["stale"], true);
  EXPECT_EQ(document["messagesToday"]["value"], 5);
  EXPECT_TRUE(stale.headers.count("Age") == 1);
  EXPECT_EQ(daemon.api("/api/dashboard/kpi", as("agent", "ann")).status, 503)
      << "nobody gets another scope's last answer";
  EXPECT_TRUE(eventually([&] { return daemon.metrics().find("crm_messages_today") == std::string::npos; }))
      << "families of a collector that fails for long go away";
  EXPECT_EQ(daemon.admin("/metrics").status, 200);
}

TEST_F(DaemonOnData, SurvivesAServerThatNoLongerAnswers) {
  PostgresCluster own;
  const std::string url = own.create_reference_database();
  execute(url, traffic());
  Daemon daemon(url, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_collector_success{collector=\"kpi\"}") == 1; }));
  // Everything of the server stops: postmaster and backends.
  run({"pkill", "-STOP", "-P", std::to_string(own.server().pid())});
  own.server().signal(SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  const Reply reply = daemon.api("/api/dashboard/kpi");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(12)) << "3 s of api.timeout and the graces";
  EXPECT_THAT(reply.status, ::testing::AnyOf(200, 503, 504));
  EXPECT_EQ(daemon.admin("/metrics").status, 200);
  run({"pkill", "-CONT", "-P", std::to_string(own.server().pid())});
  own.server().signal(SIGCONT);
  EXPECT_TRUE(eventually(
      [&] {
        return daemon.api("/api/dashboard/kpi").headers.count("X-CRM-Stale") == 0 &&
               daemon.api("/api/dashboard/kpi").status == 200;
      },
      std::chrono::seconds(40)))
      << daemon.log();
}

TEST_F(DaemonOnData, AViewWithoutAColumnIsNamedAndTheRestGoesOn) {
  execute(url_,
          "DROP VIEW crm_source.tickets; CREATE VIEW crm_source.tickets AS SELECT id AS ticket_id, assigned_agent_id "
          "AS agent_id, "
          "created_at, resolved_at FROM tickets");
  Daemon daemon(url_, {"kpi"}, fast);
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  EXPECT_THAT(daemon.log(), HasSubstr("view crm_source.tickets has no column priority (text): add it to the view (read "
                                      "by statement kpi/open_tickets)"));
  const Reply reply = daemon.api("/api/dashboard/kpi");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(Json::parse(reply.body)["error"]["code"], "source_contract");
  execute(url_, "DROP VIEW crm_source.tickets");  // a CRM without tickets is fine
  ASSERT_TRUE(eventually([&] { return daemon.api("/api/dashboard/kpi").status == 200; }));
  EXPECT_EQ(kpi(daemon)["openTickets"]["value"], 0);
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_conversations_active") == 2; }));
  EXPECT_THAT(daemon.metrics(), Not(HasSubstr("crm_tickets_open{")));
}

// --- plugins ---------------------------------------------------------------------------------------------------------

TEST_F(DaemonOnData, PluginsThatThrowHangOrReturnGarbageHarmNobodyElse) {
  Daemon daemon(url_, {"kpi", "throws", "hangs", "garbage", "other-abi", "other-toolchain"},
                std::string(fast) + "limits: {stop_grace: 2s}\n");
  daemon.start();
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_collector_stuck{collector=\"hangs\"}") == 1; }))
      << daemon.log();
  EXPECT_EQ(daemon.metric("crm_collector_success{collector=\"throws\"}"), 0);
  EXPECT_EQ(daemon.metric("crm_collector_success{collector=\"garbage\"}"), 0);
  EXPECT_THAT(daemon.log(), HasSubstr("plugin other-abi is not loaded"));
  EXPECT_THAT(daemon.log(), HasSubstr("plugin other-toolchain is not loaded"));
  const auto runs = [&] {
    return daemon.metric("crm_collector_runs_total{collector=\"kpi\",result=\"ok\"}").value_or(0);
  };
  const double before = runs();
  EXPECT_TRUE(eventually([&] { return runs() >= before + 2; })) << "kpi goes on";
  EXPECT_EQ(daemon.api("/api/dashboard/kpi").status, 200);
  EXPECT_EQ(daemon.api("/api/dashboard/throws").status, 500);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(daemon.api("/api/dashboard/hangs").status, 504);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  const Reply again = daemon.api("/api/dashboard/hangs");
  EXPECT_EQ(again.status, 503);
  EXPECT_THAT(again.body, HasSubstr("is stuck"));
  daemon.process().signal(SIGTERM);
  EXPECT_EQ(daemon.process().wait(std::chrono::seconds(60)), 0)
      << "a plugin that hangs does not hang the stop: " << daemon.log();
}

TEST_F(DaemonOnData, AReloadDoesNotRunACollectorBesideARunThatItLeftBehind) {
  const std::string hanging = std::string(fast) + "limits: {stop_grace: 100ms}\n";
  Daemon daemon(url_, {"kpi", "hangs"}, hanging);
  const std::string until = (daemon.folder() / "until").string();
  const auto configure = [&](int seconds) {
    daemon.configure(
        url_, fmt::format("{}sla: {{first_response_seconds: {}}}\nplugins: {{directory: plugins, load: [kpi, hangs], "
                          "options: {{hangs: {{until: \"{}\"}}}}}}\n",
                          hanging, seconds, until));
  };
  configure(60);
  daemon.start();
  ASSERT_TRUE(eventually([&] { return daemon.metric("crm_collector_stuck{collector=\"hangs\"}") == 1; }))
      << daemon.log();
  configure(61);
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return daemon.log().find("left behind") != std::string::npos; })) << daemon.log();
  ASSERT_TRUE(eventually([&] {
    return daemon.metric("crm_collector_skipped_ticks_total{collector=\"hangs\"}").value_or(0) >= 2;
  })) << "the new house's ticks find the old run";
  EXPECT_EQ(daemon.metric("crm_collector_runs_total{collector=\"hangs\",result=\"ok\"}"), 0);
  std::ofstream(until) << "now";
  EXPECT_TRUE(eventually([&] { return daemon.metric("crm_collector_success{collector=\"hangs\"}") == 1; }))
      << daemon.log();
  EXPECT_EQ(daemon.metric("crm_collector_stuck{collector=\"hangs\"}"), 0);
}

// --- the command line ------------------------------------------------------------------------------------------------

TEST(CommandLine, ExplainsItselfAndItsMistakes) {
  const auto help = run({CRM_DAEMON, "--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* word : {"serve", "check", "migrate", "rollup status", "rollup verify", "config print", "version",
                           "--config=FILE", "--from=DAY"})
    EXPECT_THAT(help.output, HasSubstr(word));
  const auto mistyped = run({CRM_DAEMON, "srve"});
  EXPECT_EQ(mistyped.status, 2);
  EXPECT_EQ(mistyped.output, "crm-metricsd: unknown command 'srve'; did you mean 'serve'?; see crm-metricsd --help\n");
  EXPECT_EQ(run({CRM_DAEMON, "serve", "--confg=x"}).status, 2);
  EXPECT_EQ(run({CRM_DAEMON}).status, 2);
  EXPECT_EQ(run({CRM_DAEMON, "version"}).status, 0);
  const auto missing = run({CRM_DAEMON, "serve", "--config=/nowhere/crm.yaml"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.output, HasSubstr("/nowhere/crm.yaml"));
}

TEST_F(DaemonOnData, SecretsAppearNowhere) {
  const std::string canary = "c4n4ry-passw0rd";
  std::string url = url_;
  url.replace(url.find("postgres@"), 9, "postgres:" + canary + "@");
  Daemon daemon("${DATABASE_URL}", {"kpi"}, fast, {{"DATABASE_URL", url}});
  daemon.start();
  ASSERT_TRUE(daemon.ready());
  EXPECT_EQ(daemon.api("/api/dashboard/kpi").status, 200);
  const auto printed =
      run({CRM_DAEMON, "config", "print", "--config=" + daemon.config().string()}, {{"DATABASE_URL", url}});
  EXPECT_EQ(printed.status, 0) << printed.output;
  EXPECT_THAT(printed.output, HasSubstr("postgres:***@"));
  for (const std::string& text :
       {daemon.log(), daemon.metrics(), daemon.admin("/").body, daemon.api("/nothing").body, printed.output}) {
    EXPECT_THAT(text, Not(HasSubstr(canary)));
  }
}

}  // namespace
