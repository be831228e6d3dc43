// The real binary with WhatsApp gateways: sessions come from them, and go with them.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <crm/sdk/json.h>

#include "cluster.h"
#include "daemon.h"
#include "support/gateway_server.h"

namespace {

using namespace crm::testing;
using crm::Json;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string both_up = json_answer(
    R"([{"name": "support", "status": "WORKING", "me": {"id": "4915123456789@c.us"}}, {"name": "sales", "status": "working"}])");
const std::string one_down = json_answer(
    R"([{"name": "support", "status": "FAILED", "me": {"id": "4915123456789@c.us"}}, {"name": "sales", "status": "WORKING"}])");

class DaemonWithGateway : public ::testing::Test {
 protected:
  static std::string yaml(const std::string& gateways) {
    return "collectors: {whatsapp-performance: {every: 1s, timeout: 5s}}\n" + gateways;
  }
  static std::string waha(const GatewayServer& server) {
    return yaml(
        fmt::format("gateways: {{main: {{kind: waha, url: \"{}\", token: \"${{KEY}}\", every: 1s, timeout: 1s}}}}\n",
                    server.url()));
  }
  Daemon daemon_of(const std::string& yaml) const {
    return Daemon(url_, {"whatsapp-performance"}, yaml, {{"KEY", "canary-of-the-test"}});
  }
  static Reply ask(const Daemon& daemon, const std::string& role = "owner") {
    return daemon.api("/api/dashboard/whatsapp-performance", {{"X-CRM-Role", role}, {"X-CRM-Subject", subject}});
  }
  static Json sessions(const Daemon& daemon, const std::string& role = "owner") {
    return Json::parse(ask(daemon, role).body).value("activeSessions", Json("no such field"));
  }
  static bool becomes(const Daemon& daemon, const std::string& series, std::optional<double> value) {
    return eventually([&] { return daemon.metric(series) == value; });
  }

  static constexpr const char* subject = "00000000-0000-4000-8000-000000000001";
  const std::string url_ = cluster().create_reference_database();
};

TEST_F(DaemonWithGateway, ShowsItsSessionsAndLosesThemWithIt) {
  GatewayServer server(both_up);
  Daemon daemon = daemon_of(waha(server));
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  EXPECT_TRUE(becomes(daemon, R"(crm_gateway_up{gateway="main"})", 1)) << daemon.log();
  EXPECT_TRUE(becomes(daemon, R"(crm_sessions{state="connected"})", 2));
  const Json seen = sessions(daemon);
  ASSERT_EQ(seen.size(), 2U) << seen;
  EXPECT_EQ(seen[0]["status"], "connected");
  EXPECT_TRUE(seen[0]["lastSeen"].is_string()) << "it has just been seen: " << seen;
  EXPECT_THAT(sessions(daemon).dump(), HasSubstr("4915123456789"));
  EXPECT_THAT(sessions(daemon, "agent").dump(), Not(HasSubstr("4915123456789")));

  server.answers(one_down);
  EXPECT_TRUE(becomes(daemon, R"(crm_sessions{state="disconnected"})", 1));
  const Json half = sessions(daemon);
  EXPECT_EQ(half[0]["sessionId"], "sales");
  EXPECT_EQ(half[1]["status"], "disconnected");
  EXPECT_TRUE(half[1]["lastSeen"].is_string()) << "when it was last connected: " << half;

  server.answers(json_answer(R"({"message": "key canary-of-the-test is wrong"})", "401 Unauthorized"));
  EXPECT_TRUE(becomes(daemon, R"(crm_gateway_up{gateway="main"})", 0));
  EXPECT_TRUE(becomes(daemon, R"(crm_sessions{state="connected"})", std::nullopt)) << "no old number as a new one";
  const Reply without = ask(daemon);
  EXPECT_EQ(without.status, 200);
  EXPECT_EQ(without.headers.at("X-CRM-Partial"), "true");
  EXPECT_EQ(Json::parse(without.body)["activeSessions"], Json());
  EXPECT_THAT(daemon.log(), HasSubstr("it refuses the token (HTTP 401: key *** is wrong); trying again"));
  EXPECT_THAT(daemon.log() + daemon.metrics() + without.body, Not(HasSubstr("canary-of-the-test")));

  server.answers(both_up);
  EXPECT_TRUE(becomes(daemon, R"(crm_gateway_up{gateway="main"})", 1));
  EXPECT_TRUE(becomes(daemon, R"(crm_sessions{state="connected"})", 2));
  EXPECT_THAT(server.requests().front(), HasSubstr("X-Api-Key: canary-of-the-test"));
}

TEST_F(DaemonWithGateway, ChangesBetweenTheViewAndAGatewayByReload) {
  execute(url_,
          "INSERT INTO whatsapp_sessions (session_id, phone_number, status) VALUES ('of-the-view', '1', 'connected')");
  const GatewayServer server(both_up);
  Daemon daemon = daemon_of(yaml(""));
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  EXPECT_EQ(sessions(daemon).at(0).at("sessionId"), "of-the-view");
  EXPECT_EQ(daemon.metric(R"(crm_gateway_up{gateway="main"})"), std::nullopt);
  daemon.configure(url_, waha(server));
  daemon.process().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return sessions(daemon).size() == 2; })) << daemon.log();
  EXPECT_TRUE(becomes(daemon, R"(crm_gateway_up{gateway="main"})", 1));
  daemon.configure(url_, yaml(""));
  daemon.process().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return sessions(daemon).size() == 1; })) << daemon.log();
  EXPECT_TRUE(becomes(daemon, R"(crm_gateway_up{gateway="main"})", std::nullopt));
}

TEST_F(DaemonWithGateway, ThatIsSilentCostsAnAnswerNoMoreThanItsTimeout) {
  const GatewayServer server([](const std::string&) { return std::string(); });
  Daemon daemon = daemon_of(waha(server));
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  EXPECT_EQ(ask(daemon).status, 200);
  EXPECT_TRUE(becomes(daemon, R"(crm_gateway_up{gateway="main"})", 0));
  EXPECT_EQ(daemon.metric(R"(crm_collector_success{collector="whatsapp-performance"})"), 1) << "in part";
}

TEST_F(DaemonWithGateway, ChecksEachGateway) {
  GatewayServer server(json_answer(R"([{"name": "a", "status": "WORKING"}, {"name": "b", "status": "ON_HOLIDAY"}])"));
  Daemon daemon = daemon_of(waha(server));
  const auto check = [&] {
    return run(
        {"env", "KEY=canary-of-the-test", "COLUMNS=200", CRM_DAEMON, "check", "--config", daemon.config().string()});
  };
  const Finished well = check();
  EXPECT_THAT(well.output,
              HasSubstr(fmt::format("WAHA at http://127.0.0.1:{}: 2, 1 of them connected", server.port())));
  EXPECT_THAT(well.output, HasSubstr("1 of its sessions"));
  server.answers(json_answer(R"({"message": "Unauthorized"})", "401 Unauthorized"));
  const Finished ill = check();
  EXPECT_EQ(ill.status, 1);
  EXPECT_THAT(ill.output, HasSubstr("it refuses the token (HTTP 401"));
  EXPECT_THAT(well.output + ill.output, Not(HasSubstr("canary-of-the-test")));
  const Finished print =
      run({"env", "KEY=canary-of-the-test", CRM_DAEMON, "config", "print", "--config", daemon.config().string()});
  EXPECT_THAT(print.output, HasSubstr("kind: waha"));
  EXPECT_THAT(print.output, Not(HasSubstr("canary-of-the-test")));
}

}  // namespace
