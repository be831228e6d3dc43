// The document of agent-productivity: every field, with its arithmetic in sight.

#include "report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/testing/fake_calendar.h>

namespace agent_productivity {
namespace {

using crm::testing::at;

TEST(Document, HasTheDocumentedShapeInTheDocumentedOrder) {
  AgentProductivity report;
  report.agents = {{.agent_id = "a2",
                    .agent_name = "Ann",
                    .chats = 8,
                    .resolved = 5,
                    .online_ms = 3'600'499,
                    .away_ms = 59'500,
                    .handling_time = {1'201'000, 2},
                    .presence = Presence::away,
                    .since = at("2026-03-10T11:58:29.5Z"),
                    .open_conversations = 4},
                   {.agent_id = "a1"}};
  report.workload = {.balanced = 3, .overloaded = 1, .underutilized = 2};
  EXPECT_EQ(to_json(report, at("2026-03-10T12:00:00Z")).dump(),
            R"({"agentMetrics":[)"
            R"({"agentId":"a2","agentName":"Ann","chatsHandled":8,"resolutionRate":62.5,)"  // 5 ÷ 8
            R"("idleTime":60,"activeTime":3600,)"                                           // 59.5 s and 3600.499 s
            R"("avgHandlingTime":601,)"                                                     // 1201 s ÷ 2, half up
            R"("status":"away","statusDuration":90},)"                                      // 90.5 s
            R"({"agentId":"a1","agentName":"","chatsHandled":0,"resolutionRate":0.0,"idleTime":0,"activeTime":0,)"
            R"("avgHandlingTime":0,"status":"offline","statusDuration":0}],)"  // never there
            R"("workloadDistribution":{"balanced":3,"overloaded":1,"underutilized":2}})");
}

TEST(Document, OfNobodyIsEmpty) {
  EXPECT_EQ(to_json({}, at("2026-03-10T12:00:00Z")).dump(),
            R"({"agentMetrics":[],"workloadDistribution":{"balanced":0,"overloaded":0,"underutilized":0}})");
}

TEST(Document, SaysZeroOfASpanThatBeginsInAMoment) {
  AgentProductivity report;
  report.agents = {{.agent_id = "a", .presence = Presence::online, .since = at("2026-03-10T12:00:01Z")}};
  EXPECT_EQ(to_json(report, at("2026-03-10T12:00:00Z"))["agentMetrics"][0]["statusDuration"], 0);
}

TEST(Agents, AreOrderedByChatsThenByNameThenById) {
  std::vector<AgentMetrics> agents{{.agent_id = "3", .agent_name = "Bob", .chats = 1},
                                   {.agent_id = "2", .agent_name = "Ann", .chats = 1},
                                   {.agent_id = "9", .agent_name = "Zoe", .chats = 4},
                                   {.agent_id = "1", .agent_name = "Ann", .chats = 1},
                                   {.agent_id = "5", .agent_name = "", .chats = 0}};
  sort(agents);
  std::string order;
  for (const auto& agent : agents) order += agent.agent_id;
  EXPECT_EQ(order, "91235");
}

TEST(Presence, HasThreeWords) {
  EXPECT_EQ(parse_presence("online"), Presence::online);
  EXPECT_EQ(parse_presence("away"), Presence::away);
  EXPECT_EQ(parse_presence("offline"), Presence::offline);
  EXPECT_EQ(parse_presence("Online"), std::nullopt) << "the contract's words are these; a view maps others";
  EXPECT_EQ(parse_presence(""), std::nullopt);
}

}  // namespace
}  // namespace agent_productivity
