// The real binary with a history: daemons that share a database show the same counters, and go on with them.

#include <algorithm>
#include <array>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "cluster.h"
#include "daemon.h"
#include "support/process.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;

constexpr const char* every_second =
    "collectors: {conversation-effectiveness: {every: 1s}, whatsapp-performance: {every: 1s}}\n";

class DaemonsWithHistory : public ::testing::Test {
 protected:
  DaemonsWithHistory() {
    const auto owner = configured();
    const std::string reference = std::string(CRM_SOURCE_DIR) + "/config/source/reference";
    for (const std::vector<std::string>& what : {std::vector<std::string>{}, {"--source", reference, "--yes"}}) {
      std::vector<std::string> command{CRM_DAEMON, "migrate", "--config", owner->config(), "--admin-url", url_};
      command.insert(command.end(), what.begin(), what.end());
      const Finished migrated = run(command);
      EXPECT_EQ(migrated.status, 0) << migrated.output;
    }
  }

  std::unique_ptr<Daemon> configured() const {
    return std::make_unique<Daemon>(
        url_, std::vector<std::string>{"conversation-effectiveness", "whatsapp-performance"}, every_second);
  }
  std::unique_ptr<Daemon> start() const {
    auto daemon = configured();
    daemon->start();
    return daemon;
  }

  // What only grows, of all that is exported about the CRM.
  static std::string counters(const Daemon& daemon) {
    constexpr std::array<std::string_view, 6> families{"crm_messages_total",          "crm_message_failures_total",
                                                       "crm_sla_conversations_total", "crm_first_response_seconds",
                                                       "crm_response_seconds",        "crm_resolution_seconds"};
    std::istringstream lines(daemon.metrics());
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      const bool counts = std::any_of(families.begin(), families.end(), [&](std::string_view family) {
        return line.compare(0, family.size(), family) == 0;
      });
      if (counts) text += line + "\n";
    }
    return text;
  }

  // A conversation that begins now: asked, answered after two seconds, resolved.
  void serve_a_customer(const std::string& name) const {
    const std::string now = "now() AT TIME ZONE 'UTC'";
    execute(url_,
            fmt::format("INSERT INTO conversations (id, assigned_agent_id, created_at, resolved_at) VALUES "
                        "('{0}', '{1}', {2} - interval '3 s', {2}); "
                        "INSERT INTO messages (conversation_id, direction, sender_type, delivery_status, created_at) "
                        "VALUES ('{0}', 'inbound', 'customer', 'delivered', {2} - interval '3 s'), "
                        "('{0}', 'outbound', 'agent', 'sent', {2} - interval '1 s')",
                        id(name), id("ann"), now));
  }

  static bool has_received(const Daemon& daemon, double messages) {
    return eventually([&] {
      return daemon.metric(R"(crm_messages_total{direction="inbound",event="received"})") == messages &&
             daemon.metric("crm_resolution_seconds_count") == messages;
    });
  }

  const std::string url_ = cluster().create_reference_database();
};

TEST_F(DaemonsWithHistory, ShowTheSameCountersAndGoOnWithThemAfterARestart) {
  execute(url_, sql(Agent{.name = "ann"}));
  const auto one = start();
  ASSERT_TRUE(eventually([&] {
    return scalar(url_, "SELECT count(*) FROM crm_metrics.rollup_state WHERE counting_since IS NOT NULL") == "1";
  })) << one->log();
  serve_a_customer("c1");
  ASSERT_TRUE(has_received(*one, 1)) << one->log();

  auto other = start();
  ASSERT_TRUE(has_received(*other, 1)) << "it has seen none of it happen: " << other->log();
  EXPECT_EQ(counters(*one), counters(*other));
  EXPECT_EQ(one->metric("crm_first_response_seconds_sum"), 2.0);

  one->process().signal(SIGTERM);
  ASSERT_EQ(one->process().wait(std::chrono::seconds(20)), 0) << one->log();
  serve_a_customer("c2");
  ASSERT_TRUE(has_received(*other, 2)) << other->log();
  one->start();
  ASSERT_TRUE(has_received(*one, 2)) << one->log();
  EXPECT_EQ(counters(*one), counters(*other));
  EXPECT_EQ(one->metric("crm_first_response_seconds_sum"), 4.0);

  // Who counts and who only reads changes with every step.
  serve_a_customer("c3");
  ASSERT_TRUE(has_received(*one, 3)) << one->log();
  ASSERT_TRUE(has_received(*other, 3)) << other->log();
  EXPECT_EQ(counters(*one), counters(*other));
}

TEST_F(DaemonsWithHistory, TellHowLongChangesHaveBeenWaitingWhileStepsFail) {
  execute(url_, sql(Agent{.name = "ann"}));
  const auto daemon = start();
  const auto steps = [&](const std::string& result) {
    return daemon->metric("crm_rollup_steps_total{result=\"" + result + "\"}").value_or(-1);
  };
  ASSERT_TRUE(eventually([&] { return steps("ok") > 0; })) << daemon->log();
  EXPECT_EQ(steps("failed"), 0) << "it is there before anything fails";
  execute(url_, "ALTER TABLE crm_metrics.fact_messages RENAME TO gone");
  serve_a_customer("c1");
  EXPECT_TRUE(eventually([&] {
    return steps("failed") > 0 && daemon->metric("crm_rollup_lag_seconds").value_or(0) > 1;
  })) << daemon->log();
  execute(url_, "ALTER TABLE crm_metrics.gone RENAME TO fact_messages");
  EXPECT_TRUE(eventually([&] { return daemon->metric("crm_rollup_lag_seconds") == 0; })) << daemon->log();
}

}  // namespace
