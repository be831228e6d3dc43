// A company with 5,000 agents, 1,000 sessions and a bot with 300 intents must not flood Prometheus: caps, what is left
// over, and what happens when people come and go.

#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "daemon.h"
#include "support/process.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;

// Each agent n has n % 7 open conversations, created this moment; the first 100 of them spans that are open.
constexpr const char* a_large_company = R"sql(
INSERT INTO profiles (id, full_name, role) SELECT md5('agent ' || n)::uuid, 'Agent ' || n, 'agent' FROM generate_series(1, 5000) n;
INSERT INTO conversations (assigned_agent_id, contact_id, created_at)
SELECT md5('agent ' || n)::uuid, gen_random_uuid(), now() AT TIME ZONE 'UTC' - interval '1 s'
FROM generate_series(1, 5000) n, generate_series(1, n % 7) i;
INSERT INTO agent_activity_logs (agent_id, status, started_at)
SELECT md5('agent ' || n)::uuid, 'online', now() AT TIME ZONE 'UTC' - interval '1 minute' FROM generate_series(1, 100) n;
INSERT INTO conversation_intents (conversation_id, intent, succeeded, detected_at)
SELECT gen_random_uuid(), 'intent ' || n, true, now() AT TIME ZONE 'UTC' - interval '1 s' FROM generate_series(1, 300) n;
INSERT INTO whatsapp_sessions (session_id, phone_number, status, last_seen)
SELECT (4915100000000 + n)::text, '+' || (4915100000000 + n), 'connected', now() AT TIME ZONE 'UTC' FROM generate_series(1, 1000) n;
)sql";

// Σ n % 7 for n = 1 … 5000: 714 weeks of 21, and 1 + 2 of 4999 and 5000.
constexpr double open_conversations = 714 * 21 + 1 + 2;

struct Series {
  std::string labels;
  double value;
};

class Cardinality : public ::testing::Test {
 protected:
  Cardinality() {
    execute(url_, a_large_company);
    daemon_.start();
    EXPECT_TRUE(eventually([&] { return daemon_.ready(); }, std::chrono::seconds(60))) << daemon_.log();
  }

  // What follows the family's name in each of its lines.
  std::vector<Series> family(const std::string& name) const {
    std::vector<Series> all;
    std::istringstream lines(daemon_.metrics());
    for (std::string line; std::getline(lines, line);) {
      if (line.compare(0, name.size() + 1, name + "{") != 0) continue;
      const auto end = line.rfind(' ');
      all.push_back({line.substr(name.size(), end - name.size()), std::stod(line.substr(end + 1))});
    }
    return all;
  }
  static double sum(const std::vector<Series>& all) {
    double sum = 0;
    for (const Series& series : all) sum += series.value;
    return sum;
  }
  std::set<std::string> agents(const std::string& name) const {
    std::set<std::string> ids;
    for (const Series& series : family(name)) ids.insert(series.labels);
    return ids;
  }

  const std::string url_ = cluster().create_reference_database();
  Daemon daemon_{url_,
                 {"agent-productivity", "automation-impact", "whatsapp-performance"},
                 "collectors: {agent-productivity: {every: 1s}, automation-impact: {every: 1s}, whatsapp-performance: "
                 "{every: 1s}}\n"};
};

TEST_F(Cardinality, AgentsHaveTwoHundredSeriesAFamilyAndGaugesSumTheRest) {
  const auto open = family("crm_agent_open_conversations");
  EXPECT_EQ(open.size(), 201U) << "and `other`";
  EXPECT_EQ(sum(open), open_conversations) << "nobody's are lost";
  EXPECT_THAT(agents("crm_agent_open_conversations"), ::testing::Contains("{agent=\"other\"}"));
  EXPECT_EQ(family("crm_agent_chats_total").size(), 200U) << "counters drop the rest";
  EXPECT_EQ(family("crm_agent_info").size(), 200U);
  EXPECT_EQ(family("crm_agent_status").size(), 3 * 200U) << "a state set is one";
  EXPECT_EQ(sum(family("crm_workload_agents")), 100) << "of all who are there";
  EXPECT_GT(daemon_.metric("crm_collector_dropped_series{collector=\"agent-productivity\"}").value_or(0), 4'800);
}

TEST_F(Cardinality, SessionsHaveTwoHundredSeriesAndAreAllCounted) {
  EXPECT_EQ(family("crm_session_state").size(), 3 * 200U);
  EXPECT_EQ(sum(family("crm_session_state")), 200) << "each is in one state";
  EXPECT_EQ(daemon_.metric("crm_sessions{state=\"connected\"}"), 1'000);
  EXPECT_EQ(daemon_.metrics().find("4915100000"), std::string::npos) << "ids that are phone numbers are masked";
}

TEST_F(Cardinality, IntentsHaveTwentyAndTheRestIsOther) {
  const auto before = family("crm_intents_total");
  EXPECT_EQ(before.size(), 3 * 21U);
  execute(
      url_,
      "INSERT INTO conversation_intents (conversation_id, intent, succeeded, detected_at) SELECT gen_random_uuid(), "
      "'intent ' || n, false, now() AT TIME ZONE 'UTC' FROM generate_series(1, 300) n");
  ASSERT_TRUE(eventually([&] { return sum(family("crm_intents_total")) == sum(before) + 2 * 300; }))
      << "detected and unsuccessful, of those that are shown and of the others: nothing is lost";
  EXPECT_EQ(family("crm_intents_total").size(), 3 * 21U);
}

TEST_F(Cardinality, WhoIsShownStaysWhileOthersComeAndGo) {
  const auto counters = agents("crm_agent_chats_total");
  // A hundred of each go, and others come who have more than anybody.
  execute(url_,
          "DELETE FROM profiles WHERE id IN (SELECT md5('agent ' || n)::uuid FROM generate_series(1, 100) n);"
          "INSERT INTO profiles (id, full_name, role) SELECT md5('new ' || n)::uuid, 'New ' || n, 'agent' FROM "
          "generate_series(1, 100) n;"
          "INSERT INTO conversations (assigned_agent_id, contact_id, created_at) SELECT md5('new ' || n)::uuid, "
          "gen_random_uuid(), now() AT TIME ZONE 'UTC' FROM generate_series(1, 100) n, generate_series(1, 50)");
  ASSERT_TRUE(eventually([&] { return sum(family("crm_agent_open_conversations")) == open_conversations + 100 * 50; }));
  const std::string newcomer = scalar(url_, "SELECT md5('new 1')::uuid");
  EXPECT_THAT(agents("crm_agent_open_conversations"), ::testing::Contains("{agent=\"" + newcomer + "\"}"))
      << "a gauge shows the largest";
  // Of those who are gone and never counted anything nothing is left to show.
  EXPECT_THAT(agents("crm_agent_chats_total"), ::testing::IsSubsetOf(counters))
      << "a counter that left and came again would count twice";
  EXPECT_GT(family("crm_agent_chats_total").size(), 180U);
  EXPECT_EQ(family("crm_agent_open_conversations").size(), 201U);
}

}  // namespace
